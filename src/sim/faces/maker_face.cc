#include "sim/faces/maker_face.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"

namespace rf::sim {

net::Response MakerFace::passing(Fault fault) const {
  if (fault == Fault::throttled) return refuse(Refusal::too_many, {});
  return refuse(Refusal::broken, {});
}

net::Response MakerFace::answer(const net::Request& request) {
  const auto lock = box().lock();
  const Fault fault = book_.begin();
  if (fault == Fault::lost_before) return no_answer();
  if (fault == Fault::refused || fault == Fault::throttled) return passing(fault);
  Result<Arrived> taken = take_apart(request);
  if (!taken) {
    book_.breach(request.method, request.target, taken.error().message);
    return refuse(Refusal::bad_field, {Breach::wrong_type, "body", taken.error().message});
  }
  const std::string_view key = key_in(request);
  if (!book_.token_is_good(key) || book_.token_expired()) return refuse(Refusal::no_key, {});
  if (const std::string trouble = header_trouble(request); !trouble.empty())
    return broken_contract(*taken, {Breach::missing, "headers", trouble});
  net::Response response = dispatch(*taken);
  if (fault == Fault::twice) response = dispatch(*taken);
  return fault == Fault::lost_after ? no_answer() : response;
}

net::Response MakerFace::broken_contract(const Arrived& arrived, const FieldTrouble& trouble) {
  book_.breach(arrived.method, arrived.path, trouble.message);
  return refuse(Refusal::bad_field, trouble);
}

net::Response MakerFace::unknown_path(const Arrived& arrived) {
  book_.breach(arrived.method, arrived.path, "unknown path or method");
  return refuse(Refusal::nothing_here, {Breach::unknown, "path", "Not found"});
}

net::Response MakerFace::not_there(std::string_view what) const {
  return refuse(Refusal::nothing_here, {Breach::unknown, "id", std::string(what) + " not found"});
}

// As long and in such groups as a UUID.
std::string MakerFace::made_id(std::string_view kind) {
  const std::string hash =
      sha256_hex(fmt::format("{} {} {}", box().world().scene().seed, kind, ++made_));
  return fmt::format("{}-{}-4{}-8{}-{}", hash.substr(0, 8), hash.substr(8, 4), hash.substr(12, 3),
                     hash.substr(15, 3), hash.substr(18, 12));
}

MakerJob& MakerFace::begin_job(std::string_view kind, JsonObject given, bool waits) {
  std::string id = made_id(kind);
  const bool unsafe = to_text(Json(given)).find(kUnsafeWord) != std::string::npos;
  MakerJob& job = jobs_[id];
  job = {.id = std::move(id),
         .kind = std::string(kind),
         .waits = waits,
         .unsafe = unsafe,
         .given = std::move(given),
         .created = box().now()};
  return job;
}

MakerJob* MakerFace::find_job(std::string_view id) {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : &found->second;
}

std::int64_t MakerFace::under_way() const {
  return std::ranges::count_if(jobs_,
                               [](const auto& job) { return job.second.looks < kLooksUntilMade; });
}

std::string_view bearer_key(const net::Request& request) {
  std::string_view header = request.headers.find("authorization").value_or("");
  if (header.starts_with("Bearer ")) header.remove_prefix(7);
  return header;
}

std::string moment_text(Instant at) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(at);
  std::string text = to_rfc3339(whole);
  text.insert(text.size() - 1, ".000");
  return text;
}

std::string film_bytes(std::string_view id) {
  using namespace std::string_view_literals;
  std::string bytes(
      "\x00\x00\x00\x18"
      "ftypisom\x00\x00\x02\x00isomiso2"sv);
  const std::string text = fmt::format("sandbox {}", id);
  const std::size_t size = text.size() + 8;
  for (unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>((size >> shift) & 0xFFU);
  return bytes + "free" + text;
}

}  // namespace rf::sim
