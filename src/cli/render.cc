#include "cli/render.h"

#include <algorithm>
#include <array>

#include "cli/views.h"

namespace rf::cli {
namespace {

struct View {
  std::string_view operation;
  std::string (*show)(const Json& output, const Style& style);
};

// By operation; one without a view of its own is shown as JSON.
constexpr auto kViews = std::to_array<View>({{"accounts", show_accounts},
                                             {"accounts connect", show_accounts_connect},
                                             {"accounts list", show_accounts_list},
                                             {"accounts test", show_accounts_test},
                                             {"alerts acknowledge", show_alerts},
                                             {"alerts check", show_alerts_check},
                                             {"alerts list", show_alerts},
                                             {"alerts set", show_alerts_sinks},
                                             {"alerts sinks", show_alerts_sinks},
                                             {"alerts test", show_alerts_test},
                                             {"audit export", show_audit_export},
                                             {"audit show", show_audit},
                                             {"audit verify", show_audit_check},
                                             {"backup", show_backup},
                                             {"conversions import", show_conversions_import},
                                             {"conversions send", show_conversions_send},
                                             {"conversions show", show_conversions},
                                             {"events tail", show_events},
                                             {"demo", show_demo},
                                             {"doctor", show_doctor},
                                             {"drift", show_account_drift},
                                             {"evaluate forecast", show_evaluate_forecast},
                                             {"evaluate loop", show_evaluate_loop},
                                             {"evaluate bandit", show_bandit},
                                             {"evaluate drift", show_drift},
                                             {"evaluate ope", show_off_policy},
                                             {"evaluate sequential", show_sequential},
                                             {"evaluate predict", show_evaluate_predict},
                                             {"evaluate headlines", show_evaluate_headlines},
                                             {"render", show_render},
                                             {"script", show_script},
                                             {"variations", show_variations},
                                             {"recipes", show_recipes},
                                             {"plan-next", show_plan_next},
                                             {"evaluate memory", show_evaluate_memory},
                                             {"evaluate patterns", show_evaluate_patterns},
                                             {"explain", show_explanation},
                                             {"import", show_import},
                                             {"patterns", show_patterns},
                                             {"kill-all", show_kill_all},
                                             {"ladder set", show_ladder},
                                             {"ladder show", show_ladder},
                                             {"learn predict", show_learn_predict},
                                             {"learn rollback", show_learn_rollback},
                                             {"learn status", show_learn_status},
                                             {"learn train", show_learn_train},
                                             {"limits check", show_limits},
                                             {"limits set", show_limits},
                                             {"limits show", show_limits},
                                             {"plan approve", show_acting},
                                             {"plan auto", show_plan_auto},
                                             {"plan execute", show_acting},
                                             {"plan show", show_plan},
                                             {"receipts", show_receipts},
                                             {"report", show_report},
                                             {"restore", show_restore},
                                             {"rules arm", show_rules_list},
                                             {"rules backtest", show_rules_backtest},
                                             {"rules check", show_rules_check},
                                             {"rules disarm", show_rules_list},
                                             {"rules list", show_rules_list},
                                             {"rules test", show_rules_test},
                                             {"sandbox prove", show_sandbox_proof},
                                             {"schedule catch-up", show_schedule_runs},
                                             {"schedule history", show_schedule_runs},
                                             {"schedule pause", show_schedule},
                                             {"schedule resume", show_schedule},
                                             {"schedule run", show_schedule_runs},
                                             {"schedule status", show_schedule},
                                             {"schema", show_schemas},
                                             {"tokens create", show_token_create},
                                             {"tokens list", show_token_list},
                                             {"tokens revoke", show_token_revoke},
                                             {"sync", show_sync},
                                             {"turn", show_turn},
                                             {"undo", show_acting},
                                             {"verdicts", show_verdicts},
                                             {"version", show_version},
                                             {"video analyze", show_video_analyze},
                                             {"video beats", show_video_beats},
                                             {"video compare", show_video_compare},
                                             {"video cta", show_video_cta},
                                             {"video cuts", show_video_cuts},
                                             {"video dna", show_video_dna},
                                             {"video find-twins", show_video_twins},
                                             {"video hook", show_video_hook},
                                             {"video report", show_video_report},
                                             {"video retention", show_video_retention},
                                             {"video seen", show_video_seen}});

}  // namespace

std::string render(std::string_view operation, const Json& output, const Style& style) {
  const auto* view = std::ranges::find(kViews, operation, &View::operation);
  return view == kViews.end() ? to_pretty_text(output) : view->show(output, style);
}

}  // namespace rf::cli
