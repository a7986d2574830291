// Luma's Dream Machine API: films as generations.

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "sim/faces/maker_face.h"

namespace rf::sim {
namespace {

// Source: Luma's API reference and what its own client 1.19.1 sends, recorded.
constexpr auto kVideo = std::to_array<FieldRule>(
    {{"model", FieldKind::text, true, "ray-2 ray-flash-2"},
     {"prompt", FieldKind::text},
     {"aspect_ratio", FieldKind::text, false, "1:1 16:9 9:16 4:3 3:4 21:9 9:21"},
     {"resolution", FieldKind::text, false, "540p 720p 1080p 4k"},
     {"duration", FieldKind::text, false, "5s 9s"},
     {"loop", FieldKind::boolean},
     {"keyframes", FieldKind::object},
     {"concepts", FieldKind::list},
     {"callback_url", FieldKind::text},
     {"generation_type", FieldKind::text, false, "video"}});
constexpr auto kListing =
    std::to_array<FieldRule>({{"limit", FieldKind::whole}, {"offset", FieldKind::whole}});
constexpr auto kFrame =
    std::to_array<FieldRule>({{"type", FieldKind::text, true, "image generation"},
                              {"url", FieldKind::text},
                              {"id", FieldKind::text}});

constexpr std::string_view kBase = "/dream-machine/v1";
constexpr std::int64_t kListMax = 100;

std::optional<FieldTrouble> frame_trouble(const CheckedFields& given) {
  const Json* frames = given.fields.if_contains("keyframes");
  if (frames == nullptr) return std::nullopt;
  for (const auto& each : frames->get_object()) {
    const std::string name(each.key());
    if (!is_among(name, "frame0 frame1") || !each.value().is_object())
      return FieldTrouble{Breach::unknown, "keyframes", fmt::format("'{}' is no frame", name)};
    const CheckedFields frame = check_object(each.value().get_object(), kFrame);
    if (!frame.fine) return frame.trouble;
    if (!frame.has(frame.text("type") == "image" ? "url" : "id"))
      return FieldTrouble{Breach::missing, "keyframes", "a frame needs its url or id"};
  }
  return std::nullopt;
}

class LumaFace final : public MakerFace {
 public:
  using MakerFace::MakerFace;

 private:
  std::string_view key_in(const net::Request& request) const override {
    return request.target.starts_with("/outputs/") ? std::string_view(key_) : bearer_key(request);
  }

  net::Response refuse(Refusal why, const FieldTrouble& trouble) const override {
    constexpr auto kStatus = std::to_array<int>({422, 401, 404, 429, 503});
    const int status = kStatus.at(static_cast<std::size_t>(why));
    if (why != Refusal::bad_field) {
      constexpr auto kWords = std::to_array<std::string_view>(
          {"", "Invalid API key", "Not found", "Too many requests", "Service unavailable"});
      return json_response(status,
                           JsonObject{{"detail", kWords.at(static_cast<std::size_t>(why))}});
    }
    return json_response(
        status,
        JsonObject{{"detail", JsonArray{JsonObject{{"loc", JsonArray{"body", Json(trouble.field)}},
                                                   {"msg", trouble.message},
                                                   {"type", "value_error"}}}}});
  }

  net::Response dispatch(const Arrived& arrived) override {
    if (arrived.method == "GET" && arrived.parts.size() == 2 && arrived.parts[0] == "outputs")
      return {.status = 200,
              .headers = {{"Content-Type", "video/mp4"}},
              .body = film_bytes(arrived.parts[1])};
    if (!arrived.path.starts_with(kBase)) return unknown_path(arrived);
    const std::string path = arrived.path.substr(kBase.size());
    if (arrived.method == "POST" && path == "/generations/video") return begin(arrived);
    if (arrived.method == "GET" && path == "/generations") return list(arrived);
    if (arrived.method == "GET" && path == "/credits")
      return json_response(200, JsonObject{{"credit_balance", 1234.5}});
    if (arrived.method == "GET" && path == "/ping")
      return json_response(200, JsonObject{{"message", "pong"}});
    if (arrived.parts.size() == 4 && arrived.parts[2] == "generations")
      return of_generation(arrived, arrived.parts[3]);
    return unknown_path(arrived);
  }

  net::Response begin(const Arrived& arrived) {
    CheckedFields given = check_fields(arrived, kVideo);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    if (auto trouble = frame_trouble(given)) return broken_contract(arrived, *trouble);
    const MakerJob& job = begin_job("video", std::move(given.fields), false);
    return json_response(201, generation_of(job, arrived.host));
  }

  net::Response list(const Arrived& arrived) {
    const CheckedFields given = check_fields(arrived, kListing);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    const std::int64_t limit = given.whole("limit", 10);
    const std::int64_t offset = given.whole("offset", 0);
    if (limit < 1 || limit > kListMax || offset < 0)
      return broken_contract(arrived, {Breach::wrong_value, "limit", "expected 1 to 100"});
    JsonArray all;
    for (const auto& [id, job] : jobs()) all.push_back(generation_of(job, arrived.host));
    JsonArray page;
    const std::int64_t end = std::min(offset + limit, std::ssize(all));
    for (std::int64_t i = offset; i < end; ++i) page.push_back(all[static_cast<std::size_t>(i)]);
    return json_response(200, JsonObject{{"has_more", end < std::ssize(all)},
                                         {"count", std::ssize(all)},
                                         {"limit", limit},
                                         {"offset", offset},
                                         {"generations", std::move(page)}});
  }

  net::Response of_generation(const Arrived& arrived, const std::string& id) {
    if (arrived.method == "DELETE") {
      if (!end_job(id)) return not_there("Generation");
      return {.status = 204, .headers = {}, .body = ""};
    }
    if (arrived.method != "GET") return unknown_path(arrived);
    MakerJob* job = find_job(id);
    if (job == nullptr) return not_there("Generation");
    ++job->looks;
    return json_response(200, generation_of(*job, arrived.host));
  }

  static JsonObject generation_of(const MakerJob& job, const std::string& host) {
    const Json* model = job.given.if_contains("model");
    JsonObject generation{{"id", job.id},
                          {"generation_type", "video"},
                          {"created_at", moment_text(job.created)},
                          {"model", *model},
                          {"request", job.given}};
    if (job.looks >= kLooksUntilMade && job.unsafe) {
      generation["state"] = "failed";
      generation["failure_reason"] = "The prompt was refused";
    } else if (job.looks >= kLooksUntilMade) {
      generation["state"] = "completed";
      generation["assets"] =
          JsonObject{{"video", fmt::format("http://{}/outputs/{}.mp4", host, job.id)},
                     {"image", fmt::format("http://{}/outputs/{}.jpg", host, job.id)}};
    } else {
      generation["state"] = job.looks < 2 ? "queued" : "dreaming";
    }
    return generation;
  }

  std::string key_ = book().rules().token;
};

}  // namespace

std::unique_ptr<MakerFace> make_luma_face(Sandbox& sandbox, FaceRules rules) {
  return std::make_unique<LumaFace>(sandbox, std::move(rules));
}

}  // namespace rf::sim
