// Runway's API: films from words and pictures, as tasks.

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "sim/faces/maker_face.h"

namespace rf::sim {
namespace {

// Source: Runway's API reference and what its own client 4.20.1 sends, recorded.
constexpr auto kTextToVideo = std::to_array<FieldRule>({{"model", FieldKind::text, true},
                                                        {"promptText", FieldKind::text, true},
                                                        {"ratio", FieldKind::text, true},
                                                        {"duration", FieldKind::whole},
                                                        {"seed", FieldKind::whole},
                                                        {"audio", FieldKind::boolean},
                                                        {"negativePrompt", FieldKind::text},
                                                        {"references", FieldKind::list},
                                                        {"outputFormat", FieldKind::any},
                                                        {"contentModeration", FieldKind::object}});
constexpr auto kImageToVideo = std::to_array<FieldRule>({{"model", FieldKind::text, true},
                                                         {"promptImage", FieldKind::any, true},
                                                         {"promptText", FieldKind::text},
                                                         {"ratio", FieldKind::text, true},
                                                         {"duration", FieldKind::whole},
                                                         {"seed", FieldKind::whole},
                                                         {"audio", FieldKind::boolean},
                                                         {"references", FieldKind::list},
                                                         {"outputFormat", FieldKind::any},
                                                         {"contentModeration", FieldKind::object}});
constexpr auto kUpload = std::to_array<FieldRule>(
    {{"filename", FieldKind::text, true}, {"type", FieldKind::text, true, "ephemeral"}});

struct Model {
  std::string_view name;
  std::string_view text_ratios;   // Empty: not from words alone.
  std::string_view image_ratios;  // Of films from a picture.
  std::int64_t shortest, longest;
  bool duration_required;
  std::int64_t credits_per_second;
};

constexpr auto kModels = std::to_array<Model>(
    {{"gen4.5", "1280:720 720:1280", "1280:720 720:1280 1104:832 832:1104 960:960 1584:672", 2, 10,
      true, 12},
     {"gen4_turbo", "", "1280:720 720:1280 1104:832 832:1104 960:960 1584:672", 2, 10, false, 5},
     {"veo3.1", "1280:720 720:1280 1920:1080 1080:1920", "1280:720 720:1280 1920:1080 1080:1920", 4,
      8, false, 40},
     {"veo3.1_fast", "1280:720 720:1280 1920:1080 1080:1920",
      "1280:720 720:1280 1920:1080 1080:1920", 4, 8, false, 15}});

constexpr std::int64_t kPromptMax = 1000;
constexpr std::int64_t kAtOnce = 2;        // Of the first tier.
constexpr std::int64_t kUsualSeconds = 5;  // Where none are given.

std::optional<FieldTrouble> film_trouble(const CheckedFields& given, bool from_image) {
  const std::string name = given.text("model");
  const auto* model = std::ranges::find(kModels, name, &Model::name);
  const auto wrong = [](std::string_view field, std::string message) {
    return FieldTrouble{Breach::wrong_value, std::string(field), std::move(message)};
  };
  if (model == kModels.end()) return wrong("model", fmt::format("'{}' is not a model", name));
  const std::string_view ratios = from_image ? model->image_ratios : model->text_ratios;
  if (ratios.empty()) return wrong("model", "the model needs a picture");
  if (!is_among(given.text("ratio"), ratios))
    return wrong("ratio", fmt::format("expected one of {}", ratios));
  const auto length = static_cast<std::int64_t>(given.text("promptText").size());
  if ((!from_image && length == 0) || length > kPromptMax)
    return wrong("promptText", "expected 1 to 1000 characters");
  if (model->duration_required && !given.has("duration"))
    return wrong("duration", "the model needs a duration");
  const std::int64_t seconds = given.whole("duration", kUsualSeconds);
  if (seconds < model->shortest || seconds > model->longest)
    return wrong("duration", fmt::format("expected {} to {}", model->shortest, model->longest));
  return std::nullopt;
}

std::int64_t credits_of(const JsonObject& given) {
  const Json* name = given.if_contains("model");
  const Json* seconds = given.if_contains("duration");
  const auto* model =
      std::ranges::find(kModels, std::string_view(name->get_string()), &Model::name);
  return model->credits_per_second *
         (seconds == nullptr ? kUsualSeconds : seconds->to_number<std::int64_t>());
}

class RunwayFace final : public MakerFace {
 public:
  using MakerFace::MakerFace;

 private:
  std::string_view key_in(const net::Request& request) const override {
    // What it made is fetched, and uploads are posted, without the key.
    const bool open = request.target.starts_with("/outputs/") || request.target == "/upload";
    return open ? std::string_view(key_) : bearer_key(request);
  }

  std::string header_trouble(const net::Request& request) const override {
    const bool ours = request.target.starts_with("/v1/");
    if (!ours || request.headers.find("x-runway-version").value_or("") == "2024-11-06") return "";
    return "the header X-Runway-Version must be 2024-11-06";
  }

  net::Response refuse(Refusal why, const FieldTrouble& trouble) const override {
    constexpr auto kStatus = std::to_array<int>({400, 401, 404, 429, 503});
    const int status = kStatus.at(static_cast<std::size_t>(why));
    JsonObject body{{"error", trouble.message.empty() ? "Something went wrong" : trouble.message},
                    {"docUrl", "https://docs.dev.runwayml.com/api/"}};
    if (why == Refusal::bad_field)
      body["issues"] = JsonArray{
          JsonObject{{"path", JsonArray{Json(trouble.field)}}, {"message", trouble.message}}};
    return json_response(status, body);
  }

  net::Response dispatch(const Arrived& arrived) override {
    const auto& parts = arrived.parts;
    if (arrived.method == "POST" && arrived.path == "/v1/text_to_video")
      return begin_film(arrived, kTextToVideo, false);
    if (arrived.method == "POST" && arrived.path == "/v1/image_to_video")
      return begin_film(arrived, kImageToVideo, true);
    if (parts.size() == 3 && parts[0] == "v1" && parts[1] == "tasks")
      return of_task(arrived, parts[2]);
    if (arrived.method == "GET" && arrived.path == "/v1/organization") return organization();
    if (arrived.method == "POST" && arrived.path == "/v1/uploads") return begin_upload(arrived);
    if (arrived.method == "POST" && arrived.path == "/upload")
      return {.status = 204, .headers = {}, .body = ""};
    if (arrived.method == "GET" && parts.size() == 2 && parts[0] == "outputs") {
      return {
          .status = 200, .headers = {{"Content-Type", "video/mp4"}}, .body = film_bytes(parts[1])};
    }
    return unknown_path(arrived);
  }

  net::Response begin_film(const Arrived& arrived, std::span<const FieldRule> rules, bool image) {
    CheckedFields given = check_fields(arrived, rules);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    if (auto trouble = film_trouble(given, image)) return broken_contract(arrived, *trouble);
    const MakerJob& job = begin_job(image ? "image_to_video" : "text_to_video",
                                    std::move(given.fields), under_way() >= kAtOnce);
    return json_response(
        200, JsonObject{{"id", job.id},
                        {"estimatedCost", JsonObject{{"credits", credits_of(job.given)}}}});
  }

  net::Response of_task(const Arrived& arrived, const std::string& id) {
    if (arrived.method == "DELETE") {
      if (!end_job(id)) return not_there("Task");
      return {.status = 204, .headers = {}, .body = ""};
    }
    MakerJob* job = find_job(id);
    if (arrived.method != "GET") return unknown_path(arrived);
    if (job == nullptr) return not_there("Task");
    ++job->looks;
    return json_response(200, task_of(*job, arrived.host));
  }

  static JsonObject task_of(const MakerJob& job, const std::string& host) {
    JsonObject task{{"id", job.id}, {"createdAt", moment_text(job.created)}};
    const JsonObject cost{{"credits", credits_of(job.given)}};
    if (job.looks >= kLooksUntilMade && job.unsafe) {
      task["status"] = "FAILED";
      task["failure"] = "The prompt was refused";
      task["failureCode"] = "SAFETY.INPUT.TEXT";
      task["cost"] = JsonObject{{"credits", 0}};
    } else if (job.looks >= kLooksUntilMade) {
      task["status"] = "SUCCEEDED";
      task["output"] =
          JsonArray{Json(fmt::format("http://{}/outputs/{}.mp4?_jwt={}", host, job.id, job.looks))};
      task["cost"] = cost;
    } else if (job.looks == 1) {
      task["status"] = job.waits ? "THROTTLED" : "PENDING";
      task["estimatedCost"] = cost;
    } else {
      task["status"] = "RUNNING";
      task["progress"] = 0.5;
      task["estimatedCost"] = cost;
    }
    return task;
  }

  net::Response organization() const {
    JsonObject models;
    JsonObject usage;
    for (const Model& model : kModels) {
      models[model.name] =
          JsonObject{{"maxConcurrentGenerations", kAtOnce}, {"maxDailyGenerations", 200}};
      usage[model.name] = JsonObject{{"dailyGenerations", made()}};
    }
    return json_response(200, JsonObject{{"creditBalance", 1200},
                                         {"tier", JsonObject{{"maxMonthlyCreditSpend", 10000},
                                                             {"models", std::move(models)}}},
                                         {"usage", JsonObject{{"models", std::move(usage)}}}});
  }

  net::Response begin_upload(const Arrived& arrived) {
    const CheckedFields given = check_fields(arrived, kUpload);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    const std::string id = made_id("upload");
    return json_response(200,
                         JsonObject{{"uploadUrl", fmt::format("http://{}/upload", arrived.host)},
                                    {"fields", JsonObject{{"key", id}, {"policy", "sandbox"}}},
                                    {"runwayUri", "runway://" + id}});
  }

  std::string key_ = book().rules().token;
};

}  // namespace

std::unique_ptr<MakerFace> make_runway_face(Sandbox& sandbox, FaceRules rules) {
  return std::make_unique<RunwayFace>(sandbox, std::move(rules));
}

}  // namespace rf::sim
