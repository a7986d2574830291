// A model file from anywhere: whatever it holds, it is refused, or it predicts without harm and
// writes itself so that it reads the same.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "learn/predict/predictor.h"

namespace rf::learn {
namespace {

void read_and_use(std::string_view text) {
  const Result<Predictor> read = Predictor::load(text);
  if (!read) return;
  std::vector<RawColumn> table;
  for (const ColumnSchema& column : read->schema().columns) {
    table.push_back({.name = column.name, .texts = {"1", "", "a", "-7.5e3"}});
    if (table.size() > 50) return;  // Slow, and no deeper.
  }
  const std::vector<double> exposure{1, 10, 1000, 3};
  const std::vector<Prediction> said = read->predict(table, exposure);
  RF_CHECK(said.size() == 4);
  (void)read->explain(table, exposure, 1);
  const std::string saved = read->save();
  const Result<Predictor> again = Predictor::load(saved);
  RF_CHECK(again.has_value() && again->save() == saved);
}

}  // namespace
}  // namespace rf::learn

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::learn::read_and_use({reinterpret_cast<const char*>(data), size});
  return 0;
}
