#include "api/operations.h"

#include <algorithm>
#include <iterator>

#include "api/about.h"
#include "api/accounts.h"
#include "api/acting.h"
#include "api/alerts.h"
#include "api/audit.h"
#include "api/conversions.h"
#include "api/custody.h"
#include "api/evaluate/bandit.h"
#include "api/evaluate/drift.h"
#include "api/evaluate/forecast.h"
#include "api/evaluate/headlines.h"
#include "api/evaluate/loop.h"
#include "api/evaluate/memory.h"
#include "api/evaluate/off_policy.h"
#include "api/evaluate/patterns.h"
#include "api/evaluate/predict.h"
#include "api/evaluate/sequential.h"
#include "api/events.h"
#include "api/explain.h"
#include "api/import.h"
#include "api/learning.h"
#include "api/limits.h"
#include "api/patterns.h"
#include "api/performance.h"
#include "api/prove/prove.h"
#include "api/recipes.h"
#include "api/render.h"
#include "api/report.h"
#include "api/rules.h"
#include "api/sandbox.h"
#include "api/schedule.h"
#include "api/script.h"
#include "api/settings.h"
#include "api/sync.h"
#include "api/tokens.h"
#include "api/turn.h"
#include "api/verdicts.h"
#include "api/video.h"
#include "api/video_dna.h"
#include "api/video_retention.h"
#include "api/video_seen.h"

namespace rf::api {

namespace {

// The loop, and what it works on.
std::vector<Operation> loop_operations() {
  using enum Effect;
  return {
      operation({"demo", "go once round the loop on a sandbox's exports", "demo"}, reads, demo),
      operation({"import", "read export files into the store", "import ads-export.csv"}, proposes,
                import),
      operation({"turn", "one round of the loop: remember, learn, decide", "turn"}, proposes, turn),
      operation({"report", "the scoreboard, with intervals and verdicts", "report --by concept"},
                reads, report),
      operation({"explain", "every number behind one ad's verdict", "explain 'Ad one'"}, reads,
                explain),
      operation({"patterns", "what in your films goes with better numbers, and held up",
                 "patterns --outcome ctr"},
                reads, patterns),
      operation({"performance", "one ad's numbers by day, as its platform reported them",
                 "performance 23851234 --date-range 2026-03-01..2026-03-07"},
                reads, performance),
      operation({"plan show", "what should be done, and why", "plan show"}, reads, plan_show),
      operation({"policy show", "the thresholds in force", "policy show"}, reads, policy_show),
      operation({"policy set", "set thresholds from a file", "policy set policies.toml"},
                administers, policy_set),
      operation({"naming show", "how ad names are read", "naming show"}, reads, naming_show),
      operation({"naming set", "set how ad names are read", "naming set naming.toml"}, administers,
                naming_set),
      operation({"accounts", "the accounts that the store knows", "accounts"}, reads, accounts),
      operation({"account set", "name an account, or set its time zone",
                 "account set meta:default --time-zone Europe/Berlin"},
                administers, account_set),
      operation({"backup", "write a consistent copy of the store", "backup reelforge-copy.db"},
                administers, backup),
      operation({"restore", "put a backup in the store's place", "restore reelforge-copy.db"},
                administers, restore)};
}

// What the program does by itself, in time.
std::vector<Operation> schedule_operations() {
  using enum Effect;
  return {operation({"schedule status", "recurring work: what is due, and what was done last",
                     "schedule status"},
                    reads, schedule_status),
          operation({"schedule history", "recurring work that was done, newest first",
                     "schedule history --job learning"},
                    reads, schedule_history),
          operation({"schedule run", "do recurring work now, due or not", "schedule run learning"},
                    proposes, schedule_run),
          operation({"schedule catch-up", "do all that is due: for machines that do not serve",
                     "schedule catch-up"},
                    proposes, schedule_catch_up),
          operation({"schedule pause", "let recurring work rest", "schedule pause"}, administers,
                    schedule_pause),
          operation({"schedule resume", "end the rest", "schedule resume"}, administers,
                    schedule_resume)};
}

// What a person should know without asking.
std::vector<Operation> alert_operations() {
  using enum Effect;
  return {
      operation(
          {"alerts list", "what a person should know, and did not say is known", "alerts list"},
          reads, alerts_list),
      operation(
          {"alerts check", "look at accounts, and tell the sinks what is new", "alerts check"},
          proposes, alerts_check),
      operation({"alerts acknowledge", "say that alerts are known", "alerts acknowledge 3"},
                proposes, alerts_acknowledge),
      operation({"alerts sinks", "who is told of alerts", "alerts sinks"}, reads, alerts_sinks),
      operation({"alerts set", "set who is told of alerts, from a file", "alerts set alerts.toml"},
                administers, alerts_set),
      operation({"alerts test", "tell the sinks that they are reached", "alerts test"}, administers,
                alerts_test)};
}

// Users' own rules.
std::vector<Operation> rule_operations() {
  using enum Effect;
  return {operation({"rules check", "read a file of rules, and say them back in words",
                     "rules check stop-loss.toml"},
                    reads, rules_check),
          operation({"rules test", "ask rules about the cases in their file",
                     "rules test stop-loss.toml"},
                    reads, rules_test),
          operation({"rules backtest", "try rules on the past, as it was known then",
                     "rules backtest stop-loss.toml --days 180"},
                    proposes, rules_backtest),
          operation(
              {"rules arm", "let backtested rules take part in turns", "rules arm stop-loss.toml"},
              administers, rules_arm),
          operation({"rules disarm", "take a rule out of turns", "rules disarm stop-loss"},
                    administers, rules_disarm),
          operation({"rules list", "the rules that take part in turns", "rules list"}, reads,
                    rules_list)};
}

// From a plan to the platform and back, within limits.
std::vector<Operation> acting_operations() {
  using enum Effect;
  return {
      operation({"limits show", "what the program may do to an account", "limits show"}, reads,
                limits_show),
      operation(
          {"limits check", "read a file of limits without keeping it", "limits check limits.toml"},
          reads, limits_check),
      operation({"limits set", "allow what a file of limits says", "limits set limits.toml"},
                administers, limits_set),
      operation({"plan approve", "consent to steps of a plan, exactly as they are now",
                 "plan approve 1 2 --as ann"},
                administers, plan_approve),
      operation({"plan execute", "do what was approved, through the gate", "plan execute"}, spends,
                plan_execute),
      operation({"plan auto", "do what policies have earned to do by themselves", "plan auto"},
                spends, plan_auto),
      operation({"ladder show", "how much each policy may do by itself", "ladder show"}, reads,
                ladder_show),
      operation({"ladder set", "put a policy on a rung, as a person decides",
                 "ladder set kill propose --as ann"},
                administers, ladder_set),
      operation({"undo", "take back receipts, a batch, or everything since a moment",
                 "undo --since 'monday 10:00'"},
                spends, undo),
      operation({"receipts", "what was done, newest first", "receipts"}, reads, receipts),
      operation({"kill-all", "stop everything, and keep at it until it is seen", "kill-all"},
                spends, kill_all),
      operation({"drift", "what somebody else changed since the last look", "drift"}, proposes,
                drift),
      operation({"verdicts", "whether what was done was right, 3, 7 and 14 days later", "verdicts"},
                proposes, verdicts),
      operation({"audit show", "the log of everything approved, done and set", "audit show"}, reads,
                audit_show),
      operation({"audit verify", "whether the log is whole", "audit verify"}, reads, audit_verify),
      operation(
          {"audit export", "write the log as JSON, an entry a line", "audit export log.jsonl"},
          reads, audit_export)};
}

std::vector<Operation> video_operations() {
  using enum Effect;
  return {
      operation(
          {"video analyze", "watch films: everything that is in them", "video analyze ad.mp4"},
          proposes, video_analyze),
      operation(
          {"video report", "a film's features as one page", "video report ad.mp4 --html ad.html"},
          proposes, video_report),
      operation({"video compare", "what differs between two films, most first",
                 "video compare a.mp4 b.mp4"},
                proposes, video_compare),
      operation(
          {"video find-twins", "films of a folder that look like one", "video find-twins ads/"},
          proposes, video_find_twins),
      operation({"video cuts", "where a film is cut, and where it could be", "video cuts ad.mp4"},
                proposes, video_cuts),
      operation(
          {"video beats", "a film's beats, and how its cuts fall on them", "video beats ad.mp4"},
          proposes, video_beats),
      operation({"video hook", "the first three seconds, and how to begin better",
                 "video hook ad.mp4 --industry fitness"},
                proposes, video_hook),
      operation({"video cta", "the call to action: where, what, other words",
                 "video cta ad.mp4 --industry app"},
                proposes, video_cta),
      operation(
          {"video dna", "what winners' films have in common and losers' have not", "video dna"},
          reads, video_dna),
      operation({"video retention", "where people leave an ad's film, and what is seen then",
                 "video retention 'Ad one'"},
                reads, video_retention),
      operation({"video seen", "everything that was seen in an ad's film", "video seen 'Ad one'"},
                reads, video_seen)};
}

// Predictors of the account's own ads.
std::vector<Operation> learn_operations() {
  using enum Effect;
  return {operation({"learn train", "train predictors on the account's own past", "learn train"},
                    proposes, learn_train),
          operation({"learn status", "which predictors are live, and how right they were",
                     "learn status"},
                    reads, learn_status),
          operation({"learn predict", "the coming week of each ad, or of one that is not made yet",
                     "learn predict 'Ad one'"},
                    reads, learn_predict),
          operation({"learn rollback", "go back to the predictor that was live before",
                     "learn rollback ctr --account meta:default"},
                    administers, learn_rollback)};
}

// The next creatives.
std::vector<Operation> create_operations() {
  using enum Effect;
  return {operation({"script", "a script for an ad: scenes, words and captions by a recipe",
                     "script brief.toml --hook question --duration-s 15"},
                    reads, script),
          operation({"render", "a film from a brief, made and watched on this machine",
                     "render brief.toml --out ad.mp4"},
                    reads, render),
          operation({"variations", "variations of one concept to test, most promising first",
                     "variations brief.toml --count 50"},
                    reads, variations),
          operation({"recipes", "what the account's films earned, by recipe", "recipes --days 30"},
                    reads, recipes),
          operation({"plan-next", "the recipes of the next batch of videos, a topic each",
                     "plan-next --topics-file topics.txt --count 5"},
                    proposes, plan_next)};
}

// Us, checked on the user's own data.
std::vector<Operation> evaluate_operations() {
  using enum Effect;
  return {
      operation({"evaluate predict", "how well outcomes in your own table can be predicted",
                 "evaluate predict --train past.csv --test later.csv --label clicked"},
                reads, evaluate_predict),
      operation({"evaluate loop", "the loop against other ways of running an account, in worlds",
                 "evaluate loop --world world.toml --days 60 --seeds 5"},
                reads, evaluate_loop),
      operation({"evaluate bandit", "what allocation policies earn on finished tests",
                 "evaluate bandit --arms arms.csv --mode replay"},
                reads, evaluate_bandit),
      operation({"evaluate sequential", "how often stopping rules err, on finished tests",
                 "evaluate sequential --arms arms.csv --kind aa --looks 14 --per-look 100"},
                reads, evaluate_sequential),
      operation({"evaluate ope", "what another policy would have earned, from a log",
                 "evaluate ope --log log.csv --target target.csv"},
                reads, evaluate_off_policy),
      operation({"evaluate drift", "when predictions stopped fitting what happened",
                 "evaluate drift --reference old.csv --stream new.csv --label converted "
                 "--prediction p"},
                reads, evaluate_drift),
      operation({"evaluate headlines", "learn from pairs of headlines which of two wins",
                 "evaluate headlines --train train.json --test test.json"},
                reads, evaluate_headlines),
      operation({"evaluate memory", "how fast the nearest of your own vectors are found",
                 "evaluate memory --vectors base.fvecs --queries query.fvecs -k 10"},
                reads, evaluate_memory),
      operation({"evaluate patterns", "which features of your own table hold up",
                 "evaluate patterns --units ads.csv --outcome clicks --exposure impressions"},
                reads, evaluate_patterns),
      operation({"evaluate forecast", "where your own daily figure is heading, with bands",
                 "evaluate forecast --series days.csv --value roas --holdout roas_holdout"},
                reads, evaluate_forecast)};
}

// Who may come in over the network.
std::vector<Operation> access_operations() {
  using enum Effect;
  return {operation({"tokens create", "make a token for the HTTP door",
                     "tokens create dashboard --scopes read propose"},
                    administers, token_create),
          operation(
              {"tokens list", "the tokens of the HTTP door, without their secrets", "tokens list"},
              reads, token_list),
          operation({"tokens revoke", "take a token back", "tokens revoke 0123456789ab"},
                    administers, token_revoke)};
}

// Accounts as their platforms know them.
std::vector<Operation> platform_operations() {
  using enum Effect;
  return {operation({"accounts connect", "reach an account on its platform",
                     "accounts connect meta act_1234 --secrets tokens.toml"},
                    administers, accounts_connect),
          operation({"accounts list", "every account, and how it is reached", "accounts list"},
                    reads, accounts_list),
          operation({"accounts test", "whether connected accounts are reached", "accounts test"},
                    reads, accounts_test),
          operation({"sync", "bring connected accounts' numbers into the store", "sync --days 28"},
                    proposes, sync)};
}

// A shop's sales, and what else comes in from outside.
std::vector<Operation> event_operations() {
  using enum Effect;
  return {operation({"conversions import", "take in a shop's orders from a file, each once",
                     "conversions import orders.csv"},
                    proposes, conversions_import),
          operation({"conversions send", "tell orders to a platform's pixel",
                     "conversions send meta:1234 --pixel 9900"},
                    spends, conversions_send),
          operation({"conversions show", "orders by ad, beside what the platforms report",
                     "conversions show --days 28"},
                    reads, conversions_show),
          operation({"events tail", "what came in from outside, newest last",
                     "events tail --source orders"},
                    reads, events_tail)};
}

// The sandbox, and the program itself.
std::vector<Operation> other_operations() {
  using enum Effect;
  return {
      operation({"sandbox export", "write a made-up export to try with",
                 "sandbox export meta.csv --rows 600 --ads 20"},
                reads, sandbox_export),
      operation({"sandbox prove", "turns on failing platforms, beside the world's own books",
                 "sandbox prove --days 10"},
                reads, sandbox_prove),
      operation({"schema", "the JSON Schema of every operation", "schema report"}, reads, schema),
      operation({"doctor", "check that everything is in order", "doctor"}, reads, doctor),
      operation({"version", "the versions of everything linked in", "version"}, reads, version)};
}

}  // namespace

const std::vector<Operation>& operations() {
  static const std::vector<Operation> table = [] {
    std::vector<Operation> all;
    for (auto* part : {loop_operations, schedule_operations, acting_operations, alert_operations,
                       rule_operations, platform_operations, event_operations, video_operations,
                       learn_operations, create_operations, evaluate_operations, access_operations,
                       other_operations}) {
      std::ranges::move(part(), std::back_inserter(all));
    }
    return all;
  }();
  return table;
}

const Operation* find_operation(std::string_view name) {
  auto found = std::ranges::find(operations(), name, &Operation::name);
  return found == operations().end() ? nullptr : &*found;
}

}  // namespace rf::api
