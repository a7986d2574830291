// Makers of films, voices and texts over HTTP, as far as they are alike: who may call, what fails
// on demand, jobs that take a while. Each maker's own face says the rest.

#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "net/http.h"
#include "sim/faces/arrived.h"
#include "sim/faces/face.h"
#include "sim/faces/fields.h"

namespace rf::sim {

// Something that was asked for and is not done at once.
struct MakerJob {
  std::string id;
  std::string kind;
  std::int64_t looks = 0;  // How often somebody asked for it; it moves on by being looked at.
  bool waits = false;      // As many as are allowed at once were under way before it.
  bool unsafe = false;     // It will be refused for what it shows.
  JsonObject given;
  Instant created{};
};

// A job is done at this look. Chosen, so that clients have to wait.
inline constexpr std::int64_t kLooksUntilMade = 3;

// A prompt with this word in it fails for what it shows, so that clients can be tried with it.
inline constexpr std::string_view kUnsafeWord = "unsafe";

enum class Refusal : std::uint8_t { bad_field, no_key, nothing_here, too_many, broken };

class MakerFace {
 public:
  // REQUIRES: `sandbox` outlives this.
  MakerFace(Sandbox& sandbox, FaceRules rules) : book_(sandbox, std::move(rules)) {}
  virtual ~MakerFace() = default;
  MakerFace(const MakerFace&) = delete;
  MakerFace& operator=(const MakerFace&) = delete;

  // Thread: any.
  net::Response answer(const net::Request& request);

  // Thread: under the sandbox's lock.
  CallBook& book() { return book_; }

 protected:
  virtual std::string_view key_in(const net::Request& request) const = 0;
  virtual net::Response refuse(Refusal why, const FieldTrouble& trouble) const = 0;
  // What is wrong with a request before its fields are looked at; empty for nothing.
  virtual std::string header_trouble(const net::Request&) const { return ""; }
  virtual net::Response dispatch(const Arrived& arrived) = 0;

  // A call that no client may make.
  net::Response broken_contract(const Arrived& arrived, const FieldTrouble& trouble);
  net::Response unknown_path(const Arrived& arrived);
  // A thing that is not there is no breach.
  net::Response not_there(std::string_view what) const;

  MakerJob& begin_job(std::string_view kind, JsonObject given, bool waits);
  MakerJob* find_job(std::string_view id);
  bool end_job(std::string_view id) { return jobs_.erase(std::string(id)) > 0; }
  std::int64_t under_way() const;
  const std::map<std::string, MakerJob, std::less<>>& jobs() const { return jobs_; }
  std::string made_id(std::string_view kind);
  std::int64_t made() const { return made_; }
  Sandbox& box() { return book_.sandbox(); }

 private:
  net::Response passing(Fault fault) const;

  CallBook book_;
  std::map<std::string, MakerJob, std::less<>> jobs_;
  std::int64_t made_ = 0;
};

// The key in "Authorization: Bearer KEY"; the header as it is where it has no scheme, and empty
// without one.
std::string_view bearer_key(const net::Request& request);

// Of the makers' answers: "2026-03-02T12:00:00.000Z".
std::string moment_text(Instant at);

// Stands for a film: the beginning of an MP4 file and the name of what it is, with no picture in
// it.
std::string film_bytes(std::string_view id);

std::unique_ptr<MakerFace> make_runway_face(Sandbox& sandbox, FaceRules rules);
std::unique_ptr<MakerFace> make_luma_face(Sandbox& sandbox, FaceRules rules);
std::unique_ptr<MakerFace> make_elevenlabs_face(Sandbox& sandbox, FaceRules rules);
std::unique_ptr<MakerFace> make_chat_face(Sandbox& sandbox, FaceRules rules);

}  // namespace rf::sim
