#include "server/audit_file.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "net/redact.h"

namespace rf::server {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error failed(const std::string& path) {
  return fail(ErrorCode::unavailable,
              fmt::format("cannot write the audit '{}': {}", path,
                          std::error_code(errno, std::generic_category()).message()));
}

}  // namespace

Json without_secrets(const Json& value) {
  if (const JsonObject* object = value.if_object()) {
    JsonObject out;
    for (const auto& member : *object) {
      const bool secret = net::names_a_secret(member.key()) && member.value().is_string();
      out[member.key()] = secret ? Json("[hidden]") : without_secrets(member.value());
    }
    return out;
  }
  const JsonArray* array = value.if_array();
  if (array == nullptr) return value;
  JsonArray out;
  out.reserve(array->size());
  for (const Json& item : *array) out.push_back(without_secrets(item));
  return out;
}

Status AuditFile::add(const JsonObject& line) {
  const std::string text = to_text(without_secrets(line)) + "\n";
  const std::lock_guard lock(mutex_);
  const Descriptor file(
      ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.number() < 0) return failed(path_);
  // One write, so that lines of several processes do not mix.
  const ssize_t written = ::write(file.number(), text.data(), text.size());
  if (written != static_cast<ssize_t>(text.size())) return failed(path_);
  return {};
}

}  // namespace rf::server
