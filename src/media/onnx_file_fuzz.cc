// Any bytes as a network's file: what is read of it holds, and settling its input's size keeps it
// readable.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "media/onnx_file.h"

namespace rf::media {
namespace {

constexpr int kHeight = 64;
constexpr int kWidth = 96;

void check_words(const Error& error) {
  RF_CHECK(error.code == ErrorCode::corrupt || error.code == ErrorCode::unsupported);
  RF_CHECK(!error.message.empty());
}

void read_network(std::string_view bytes) {
  const Result<OnnxInput> input = picture_input(bytes);
  const Result<std::string> settled = with_input_size(bytes, kHeight, kWidth);
  if (!input) {
    check_words(input.error());
    RF_CHECK(!settled);
    return;
  }
  RF_CHECK(input->name.size() <= bytes.size());
  if (!settled) {  // Only another graph in the same file, which no runtime takes, may be broken.
    check_words(settled.error());
    return;
  }
  const Result<OnnxInput> read_again = picture_input(*settled);
  const std::array<std::int64_t, 4> wanted = {1, 3, kHeight, kWidth};
  RF_CHECK(read_again && read_again->shape == wanted && read_again->name == input->name);
  // What is settled stays so, to the byte.
  const Result<std::string> settled_again = with_input_size(*settled, kHeight, kWidth);
  RF_CHECK(settled_again && *settled_again == *settled);
}

}  // namespace
}  // namespace rf::media

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  rf::media::read_network({reinterpret_cast<const char*>(data), size});
  return 0;
}
