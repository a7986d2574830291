#include <fmt/format.h>

#include "api/prove/prove.h"
#include "cli/view.h"
#include "cli/views.h"

namespace rf::cli {
namespace {

std::string show_run(const api::ProofRun& run, const Style& style) {
  std::string text = fmt::format(
      "{} turns, {} calls, {} of them refused or lost, {} operations repeated\n"
      "  {} days of ads, {} numbers and {} settings compared\n"
      "  {} changes took effect, {} receipts say so, {} happened twice\n"
      "  {} sales told in {} events, {} counted\n"
      "  left behind {}\n",
      run.turns, run.calls, run.faults, run.repeats, run.rows, run.numbers, run.settings,
      run.writes, run.receipts, run.writes_doubled, run.orders, run.events_sent, run.events_kept,
      run.fingerprint.substr(0, 16));
  for (const std::string& each : run.differences)
    text += fmt::format("  {} {}\n", paint("✗", Tone::bad, style), printable(each));
  return text;
}

}  // namespace

std::string show_sandbox_proof(const Json& output, const Style& style) {
  auto view = read_output<api::SandboxProveOutput>(output);
  std::string text;
  for (const api::ProofRun& run : view.runs) text += show_run(run, style);
  text += view.holds
              ? fmt::format("{} the store equals the world's books, nothing happened twice{}\n",
                            paint("✓", Tone::good, style),
                            view.runs.size() > 1 ? ", and every run ended alike" : "")
              : fmt::format("{} it does not hold{}\n", paint("✗", Tone::bad, style),
                            view.same ? "" : ": the runs did not end alike");
  return text;
}

}  // namespace rf::cli
