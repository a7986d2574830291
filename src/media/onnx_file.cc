#include "media/onnx_file.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/file.h"
#include "base/sha256.h"

namespace rf::media {
namespace {

// The largest detectors that run on a processor at all are a quarter of this.
constexpr std::int64_t kBytesMax = std::int64_t{512} << 20;
constexpr std::size_t kFingerprintDigits = 12;  // 48 bits tell apart all models there ever were.

// Numbers of the fields we touch. Source: onnx/onnx.proto3 of ONNX 1.12, and protobuf's wire
// format.
constexpr std::uint32_t kModelGraph = 7;
constexpr std::uint32_t kGraphNode = 1;
constexpr std::uint32_t kGraphInput = 11;
constexpr std::uint32_t kValueName = 1;
constexpr std::uint32_t kValueType = 2;
constexpr std::uint32_t kTypeTensor = 1;
constexpr std::uint32_t kTensorElement = 1;
constexpr std::uint32_t kTensorShape = 2;
constexpr std::uint32_t kShapeDim = 1;
constexpr std::uint32_t kDimValue = 1;
constexpr std::uint64_t kElementFloat = 1;

enum class Wire : std::uint8_t { varint = 0, fixed64 = 1, bytes = 2, fixed32 = 5 };

struct WireField {
  std::uint32_t number = 0;
  Wire wire = Wire::varint;
  std::uint64_t value = 0;  // Of a varint.
  std::string_view body;    // Of bytes.
  std::string_view whole;   // With its tag.
};

Error broken(std::string_view what) {
  return fail(ErrorCode::corrupt, fmt::format("is not a whole ONNX model: {}", what));
}

// Fields of one message, one after the other.
class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : bytes_(bytes) {}

  bool done() const { return at_ == bytes_.size(); }

  Result<WireField> next() {
    const std::size_t begin = at_;
    const std::uint64_t tag = RF_TRY(varint());
    WireField found;
    found.number = static_cast<std::uint32_t>(tag >> 3U);
    found.wire = static_cast<Wire>(tag & 7U);
    switch (found.wire) {
      case Wire::varint: found.value = RF_TRY(varint()); break;
      case Wire::fixed64: RF_TRY(take(8)); break;
      case Wire::fixed32: RF_TRY(take(4)); break;
      case Wire::bytes: {
        const std::uint64_t length = RF_TRY(varint());
        found.body = RF_TRY(take(length));
        break;
      }
      default: return broken(fmt::format("byte {} has no known kind of field", begin));
    }
    found.whole = bytes_.substr(begin, at_ - begin);
    return found;
  }

 private:
  Result<std::uint64_t> varint() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (done()) return broken("it ends inside a number");
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
      if (byte < 0x80) return value;
    }
    return broken("a number has more than ten bytes");
  }

  Result<std::string_view> take(std::uint64_t length) {
    if (length > bytes_.size() - at_)
      return broken(
          fmt::format("a field wants {} bytes, {} are left", length, bytes_.size() - at_));
    const std::string_view taken = bytes_.substr(at_, static_cast<std::size_t>(length));
    at_ += static_cast<std::size_t>(length);
    return taken;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

// The last field of that number, which is how protobuf reads a repeated single field.
Result<std::optional<WireField>> find_field(std::string_view message, std::uint32_t number) {
  std::optional<WireField> found;
  for (WireReader reader(message); !reader.done();) {
    WireField field = RF_TRY(reader.next());
    if (field.number == number) found = field;
  }
  return found;
}

Result<std::string_view> body_of(std::string_view message, std::uint32_t number) {
  std::optional<WireField> found = RF_TRY(find_field(message, number));
  return found ? found->body : std::string_view();
}

// Of one value_info; empty where it is not a picture of floats.
Result<std::optional<OnnxInput>> as_picture(std::string_view value_info) {
  const std::string_view type = RF_TRY(body_of(value_info, kValueType));
  const std::string_view tensor = RF_TRY(body_of(type, kTypeTensor));
  const std::optional<WireField> element = RF_TRY(find_field(tensor, kTensorElement));
  if (!element || element->value != kElementFloat) return std::optional<OnnxInput>();
  const std::string_view shape = RF_TRY(body_of(tensor, kTensorShape));
  OnnxInput input;
  std::size_t count = 0;
  for (WireReader reader(shape); !reader.done();) {
    const WireField dim = RF_TRY(reader.next());
    if (dim.number != kShapeDim) continue;
    const std::optional<WireField> value = RF_TRY(find_field(dim.body, kDimValue));
    if (count < 4) input.shape[count] = value ? static_cast<std::int64_t>(value->value) : 0;
    ++count;
  }
  if (count != 4) return std::optional<OnnxInput>();
  const std::string_view name = RF_TRY(body_of(value_info, kValueName));
  input.name = name;
  return std::optional<OnnxInput>(std::move(input));
}

void append_varint(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

void append_number(std::string& out, std::uint32_t number, std::uint64_t value) {
  append_varint(out, (std::uint64_t{number} << 3U) | static_cast<unsigned>(Wire::varint));
  append_varint(out, value);
}

void append_bytes(std::string& out, std::uint32_t number, std::string_view body) {
  append_varint(out, (std::uint64_t{number} << 3U) | static_cast<unsigned>(Wire::bytes));
  append_varint(out, body.size());
  out += body;
}

std::string settled_input(const std::string& name, int height, int width) {
  std::string shape;
  for (int side : {1, 3, height, width}) {
    std::string dim;
    append_number(dim, kDimValue, static_cast<std::uint64_t>(side));
    append_bytes(shape, kShapeDim, dim);
  }
  std::string tensor;
  append_number(tensor, kTensorElement, kElementFloat);
  append_bytes(tensor, kTensorShape, shape);
  std::string type;
  append_bytes(type, kTypeTensor, tensor);
  std::string value_info;
  append_bytes(value_info, kValueName, name);
  append_bytes(value_info, kValueType, type);
  return value_info;
}

Result<std::string> settled_graph(std::string_view graph, int height, int width) {
  std::string out;
  out.reserve(graph.size() + 64);
  bool settled = false;
  for (WireReader reader(graph); !reader.done();) {
    const WireField field = RF_TRY(reader.next());
    std::optional<OnnxInput> input;
    if (field.number == kGraphInput && !settled) input = RF_TRY(as_picture(field.body));
    if (input) {
      append_bytes(out, kGraphInput, settled_input(input->name, height, width));
      settled = true;
    } else {
      out += field.whole;
    }
  }
  return out;
}

}  // namespace

Result<OnnxInput> picture_input(std::string_view bytes) {
  const std::string_view graph = RF_TRY(body_of(bytes, kModelGraph));
  if (graph.empty()) return broken("it has no graph");
  std::optional<OnnxInput> input;
  bool has_node = false;
  for (WireReader reader(graph); !reader.done();) {
    const WireField field = RF_TRY(reader.next());
    has_node = has_node || field.number == kGraphNode;
    if (field.number == kGraphInput && !input) input = RF_TRY(as_picture(field.body));
  }
  if (!has_node) return broken("its graph has no nodes");
  if (!input)
    return fail(ErrorCode::unsupported,
                "the model takes no picture; expected an input of 1 x 3 x height x width floats");
  return std::move(*input);
}

Result<std::string> with_input_size(std::string_view bytes, int height, int width) {
  RF_CHECK(height > 0 && width > 0);
  RF_TRY(picture_input(bytes));
  std::string out;
  out.reserve(bytes.size() + 64);
  for (WireReader reader(bytes); !reader.done();) {
    const WireField field = RF_TRY(reader.next());
    if (field.number == kModelGraph) {
      const std::string graph = RF_TRY(settled_graph(field.body, height, width));
      append_bytes(out, kModelGraph, graph);
    } else {
      out += field.whole;
    }
  }
  return out;
}

Result<OnnxFile> read_onnx(const std::string& path) {
  OnnxFile file;
  std::error_code error;
  const std::uintmax_t size = std::filesystem::file_size(path, error);
  // read_file() claims what it may read, so it is told the true size where there is one.
  const auto bytes_max =
      error ? 0 : static_cast<std::int64_t>(std::min<std::uintmax_t>(size, kBytesMax));
  file.bytes = RF_TRY(read_file(path, bytes_max));
  const std::string base = path.substr(path.find_last_of('/') + 1);
  Result<OnnxInput> input = picture_input(file.bytes);
  if (!input) return std::move(input).error().with(base);
  file.name =
      fmt::format("{} sha256:{}", base, sha256_hex(file.bytes).substr(0, kFingerprintDigits));
  return file;
}

}  // namespace rf::media
