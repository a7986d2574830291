// One view for each operation's output; see render.h.

#pragma once

#include <string>

#include "base/json.h"
#include "cli/text.h"

namespace rf::cli {

std::string show_account_drift(const Json& output, const Style& style);
std::string show_accounts(const Json& output, const Style& style);
std::string show_accounts_connect(const Json& output, const Style& style);
std::string show_accounts_list(const Json& output, const Style& style);
std::string show_accounts_test(const Json& output, const Style& style);
std::string show_sandbox_proof(const Json& output, const Style& style);
std::string show_conversions_import(const Json& output, const Style& style);
std::string show_conversions_send(const Json& output, const Style& style);
std::string show_conversions(const Json& output, const Style& style);
std::string show_events(const Json& output, const Style& style);
std::string show_sync(const Json& output, const Style& style);
std::string show_acting(const Json& output, const Style& style);
std::string show_alerts(const Json& output, const Style& style);
std::string show_alerts_check(const Json& output, const Style& style);
std::string show_alerts_sinks(const Json& output, const Style& style);
std::string show_alerts_test(const Json& output, const Style& style);
std::string show_audit(const Json& output, const Style& style);
std::string show_audit_check(const Json& output, const Style& style);
std::string show_audit_export(const Json& output, const Style& style);
std::string show_backup(const Json& output, const Style& style);
std::string show_bandit(const Json& output, const Style& style);
std::string show_demo(const Json& output, const Style& style);
std::string show_doctor(const Json& output, const Style& style);
std::string show_evaluate_forecast(const Json& output, const Style& style);
std::string show_evaluate_loop(const Json& output, const Style& style);
std::string show_drift(const Json& output, const Style& style);
std::string show_evaluate_predict(const Json& output, const Style& style);
std::string show_evaluate_headlines(const Json& output, const Style& style);
std::string show_evaluate_memory(const Json& output, const Style& style);
std::string show_evaluate_patterns(const Json& output, const Style& style);
std::string show_explanation(const Json& output, const Style& style);
std::string show_import(const Json& output, const Style& style);
std::string show_kill_all(const Json& output, const Style& style);
std::string show_ladder(const Json& output, const Style& style);
std::string show_learn_predict(const Json& output, const Style& style);
std::string show_learn_rollback(const Json& output, const Style& style);
std::string show_learn_status(const Json& output, const Style& style);
std::string show_learn_train(const Json& output, const Style& style);
std::string show_limits(const Json& output, const Style& style);
std::string show_off_policy(const Json& output, const Style& style);
std::string show_patterns(const Json& output, const Style& style);
std::string show_plan(const Json& output, const Style& style);
std::string show_plan_auto(const Json& output, const Style& style);
std::string show_plan_next(const Json& output, const Style& style);
std::string show_recipes(const Json& output, const Style& style);
std::string show_receipts(const Json& output, const Style& style);
std::string show_render(const Json& output, const Style& style);
std::string show_report(const Json& output, const Style& style);
std::string show_restore(const Json& output, const Style& style);
std::string show_rules_backtest(const Json& output, const Style& style);
std::string show_rules_check(const Json& output, const Style& style);
std::string show_rules_list(const Json& output, const Style& style);
std::string show_rules_test(const Json& output, const Style& style);
std::string show_schedule(const Json& output, const Style& style);
std::string show_schedule_runs(const Json& output, const Style& style);
std::string show_schemas(const Json& output, const Style& style);
std::string show_sequential(const Json& output, const Style& style);
std::string show_script(const Json& output, const Style& style);
std::string show_token_create(const Json& output, const Style& style);
std::string show_token_list(const Json& output, const Style& style);
std::string show_token_revoke(const Json& output, const Style& style);
std::string show_turn(const Json& output, const Style& style);
std::string show_variations(const Json& output, const Style& style);
std::string show_verdicts(const Json& output, const Style& style);
std::string show_video_analyze(const Json& output, const Style& style);
std::string show_video_beats(const Json& output, const Style& style);
std::string show_video_compare(const Json& output, const Style& style);
std::string show_video_cta(const Json& output, const Style& style);
std::string show_video_cuts(const Json& output, const Style& style);
std::string show_video_dna(const Json& output, const Style& style);
std::string show_video_hook(const Json& output, const Style& style);
std::string show_video_report(const Json& output, const Style& style);
std::string show_video_retention(const Json& output, const Style& style);
std::string show_video_seen(const Json& output, const Style& style);
std::string show_video_twins(const Json& output, const Style& style);
std::string show_version(const Json& output, const Style& style);

}  // namespace rf::cli
