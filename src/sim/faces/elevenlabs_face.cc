// ElevenLabs' API: voices that read texts.

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/base64.h"
#include "sim/faces/maker_face.h"

namespace rf::sim {
namespace {

// Source: ElevenLabs' API reference and what its own client 2.73.0 sends, recorded.
constexpr auto kSpeech =
    std::to_array<FieldRule>({{"text", FieldKind::text, true},
                              {"model_id", FieldKind::text},
                              {"language_code", FieldKind::text},
                              {"seed", FieldKind::whole},
                              {"voice_settings", FieldKind::object},
                              {"pronunciation_dictionary_locators", FieldKind::list},
                              {"previous_text", FieldKind::text},
                              {"next_text", FieldKind::text},
                              {"previous_request_ids", FieldKind::list},
                              {"next_request_ids", FieldKind::list},
                              {"apply_text_normalization", FieldKind::text, false, "auto on off"},
                              {"output_format", FieldKind::text},
                              {"enable_logging", FieldKind::boolean}});
constexpr auto kVoiceSettings = std::to_array<FieldRule>({{"stability", FieldKind::number},
                                                          {"similarity_boost", FieldKind::number},
                                                          {"style", FieldKind::number},
                                                          {"use_speaker_boost", FieldKind::boolean},
                                                          {"speed", FieldKind::number}});
constexpr auto kSearch = std::to_array<FieldRule>({{"page_size", FieldKind::whole},
                                                   {"next_page_token", FieldKind::text},
                                                   {"search", FieldKind::text},
                                                   {"category", FieldKind::text},
                                                   {"show_legacy", FieldKind::boolean}});
constexpr auto kAddVoice =
    std::to_array<FieldRule>({{"name", FieldKind::text, true},
                              {"description", FieldKind::text},
                              {"labels", FieldKind::object},
                              {"files", FieldKind::any},
                              {"remove_background_noise", FieldKind::boolean}});

struct Model {
  std::string_view id;
  std::int64_t characters;
};
constexpr auto kModels = std::to_array<Model>({{"eleven_v3", 5'000},
                                               {"eleven_multilingual_v2", 10'000},
                                               {"eleven_flash_v2_5", 40'000},
                                               {"eleven_turbo_v2_5", 40'000}});

constexpr std::string_view kFormats =
    "mp3_44100_32 mp3_44100_64 mp3_44100_96 mp3_44100_128 mp3_44100_192 mp3_22050_32 pcm_8000 "
    "pcm_16000 pcm_22050 pcm_24000 pcm_44100 pcm_48000";

// Chosen: an unhurried reader.
constexpr double kSecondsPerLetter = 0.065;

double seconds_of(std::string_view text) {
  return kSecondsPerLetter * static_cast<double>(text.size());
}

// Frames of silence, which any player takes: MPEG-1 layer III, 128 kbit/s, 44.1 kHz, one channel.
// Source: ISO/IEC 11172-3: a frame is 144 x 128000 / 44100 = 417 bytes for 1152 samples.
std::string mp3_silence(double seconds) {
  using namespace std::string_view_literals;
  constexpr std::size_t kFrameBytes = 417;
  constexpr double kFrameSeconds = 1152.0 / 44'100;
  std::string frame("\xFF\xFB\x90\xC4"sv);
  frame.resize(kFrameBytes, '\0');
  std::string bytes;
  const auto frames = static_cast<std::size_t>(std::ceil(seconds / kFrameSeconds));
  bytes.reserve(frames * kFrameBytes);
  for (std::size_t i = 0; i < frames; ++i) bytes += frame;
  return bytes;
}

std::string audio_of(std::string_view text, std::string_view format) {
  if (!format.starts_with("pcm_")) return mp3_silence(seconds_of(text));
  std::int64_t rate = 0;
  for (char digit : format.substr(4)) rate = rate * 10 + (digit - '0');
  // Two bytes a sample.
  return std::string(2 * static_cast<std::size_t>(seconds_of(text) * static_cast<double>(rate)),
                     '\0');
}

class ElevenlabsFace final : public MakerFace {
 public:
  using MakerFace::MakerFace;

 private:
  std::string_view key_in(const net::Request& request) const override {
    return request.headers.find("xi-api-key").value_or("");
  }

  net::Response refuse(Refusal why, const FieldTrouble& trouble) const override {
    const auto detail = [](int status, std::string_view word, std::string_view message) {
      return json_response(
          status, JsonObject{{"detail", JsonObject{{"status", word}, {"message", message}}}});
    };
    switch (why) {
      case Refusal::no_key: return detail(401, "invalid_api_key", "Invalid API key");
      case Refusal::nothing_here: return detail(404, "not_found", trouble.message);
      case Refusal::too_many:
        return detail(429, "too_many_concurrent_requests", "Too many concurrent requests");
      case Refusal::broken: return detail(503, "system_busy", "The system is busy");
      case Refusal::bad_field: break;
    }
    const JsonArray place{"body", Json(trouble.field)};
    return json_response(
        422, JsonObject{{"detail",
                         JsonArray{JsonObject{
                             {"loc", place}, {"msg", trouble.message}, {"type", "value_error"}}}}});
  }

  net::Response dispatch(const Arrived& arrived) override {
    const auto& parts = arrived.parts;
    const bool gets = arrived.method == "GET";
    if (parts.size() >= 3 && parts[1] == "text-to-speech" && arrived.method == "POST")
      return speech(arrived);
    if (gets && arrived.path == "/v2/voices") return voices(arrived, true);
    if (gets && arrived.path == "/v1/voices") return voices(arrived, false);
    if (gets && parts.size() == 3 && parts[1] == "voices") return one_voice(parts[2]);
    if (arrived.method == "POST" && arrived.path == "/v1/voices/add") return add_voice(arrived);
    if (gets && arrived.path == "/v1/models") return models();
    if (gets && arrived.path == "/v1/user/subscription") return subscription();
    return unknown_path(arrived);
  }

  std::optional<FieldTrouble> speech_trouble(const CheckedFields& given) const {
    const auto wrong = [](std::string_view field, std::string message) {
      return FieldTrouble{Breach::wrong_value, std::string(field), std::move(message)};
    };
    const std::string id =
        given.has("model_id") ? given.text("model_id") : "eleven_multilingual_v2";
    const auto* model = std::ranges::find(kModels, id, &Model::id);
    if (model == kModels.end()) return wrong("model_id", fmt::format("no model '{}'", id));
    const auto letters = static_cast<std::int64_t>(given.text("text").size());
    if (letters == 0 || letters > model->characters)
      return wrong("text", fmt::format("expected 1 to {} characters", model->characters));
    if (given.has("output_format") && !is_among(given.text("output_format"), kFormats))
      return wrong("output_format", "no such format");
    const Json* settings = given.fields.if_contains("voice_settings");
    if (settings == nullptr) return std::nullopt;
    const CheckedFields checked = check_object(settings->get_object(), kVoiceSettings);
    return checked.fine ? std::nullopt : std::optional(checked.trouble);
  }

  net::Response speech(const Arrived& arrived) {
    const std::string kind = arrived.parts.size() == 4 ? arrived.parts[3] : "";
    if (arrived.parts[0] != "v1" || arrived.parts.size() > 4 ||
        !(kind.empty() || is_among(kind, "stream with-timestamps")))
      return unknown_path(arrived);
    const CheckedFields given = check_fields(arrived, kSpeech);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    if (auto trouble = speech_trouble(given)) return broken_contract(arrived, *trouble);
    if (!is_voice(arrived.parts[2])) return not_there("Voice");
    const std::string text = given.text("text");
    characters_ += std::ssize(text);
    const std::string format = given.text("output_format");
    net::Response response =
        kind == "with-timestamps"
            ? json_response(200, timed(text, format))
            : net::Response{.status = 200,
                            .headers = {{"Content-Type",
                                         format.starts_with("pcm_") ? "audio/pcm" : "audio/mpeg"}},
                            .body = audio_of(text, format)};
    response.headers.add("request-id", made_id("speech"));
    response.headers.add("character-cost", fmt::format("{}", text.size()));
    response.headers.add("current-concurrent-requests", "1");
    response.headers.add("maximum-concurrent-requests", "5");
    return response;
  }

  static JsonObject timed(const std::string& text, const std::string& format) {
    JsonArray letters;
    JsonArray starts;
    JsonArray ends;
    for (std::size_t i = 0; i < text.size(); ++i) {
      letters.push_back(Json(std::string_view(text).substr(i, 1)));
      starts.push_back(kSecondsPerLetter * static_cast<double>(i));
      ends.push_back(kSecondsPerLetter * static_cast<double>(i + 1));
    }
    const JsonObject alignment{{"characters", std::move(letters)},
                               {"character_start_times_seconds", std::move(starts)},
                               {"character_end_times_seconds", std::move(ends)}};
    return {{"audio_base64", base64(audio_of(text, format))},
            {"alignment", alignment},
            {"normalized_alignment", alignment}};
  }

  bool is_voice(const std::string& id) const {
    return is_among(id, "v1 v2") || jobs().contains(id);
  }

  static JsonObject voice_of(std::string_view id, std::string_view name, std::string_view kind) {
    return {{"voice_id", id},
            {"name", name},
            {"category", kind},
            {"labels", JsonObject()},
            {"samples", JsonArray()}};
  }

  net::Response voices(const Arrived& arrived, bool paged) {
    const CheckedFields given = check_fields(arrived, kSearch);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    JsonArray all{voice_of("v1", "Ada", "premade"), voice_of("v2", "Ben", "premade")};
    for (const auto& [id, job] : jobs())
      all.push_back(voice_of(id, job.given.at("name").get_string(), "cloned"));
    JsonObject body{{"voices", all}};
    if (paged) {
      body["has_more"] = false;
      body["total_count"] = std::ssize(all);
      body["next_page_token"] = nullptr;
    }
    return json_response(200, body);
  }

  net::Response one_voice(const std::string& id) {
    if (!is_voice(id)) return not_there("Voice");
    return json_response(200, voice_of(id, id, "premade"));
  }

  net::Response add_voice(const Arrived& arrived) {
    CheckedFields given = check_fields(arrived, kAddVoice);
    if (!given.fine) return broken_contract(arrived, given.trouble);
    if (arrived.file_field != "files" && !given.has("files"))
      return broken_contract(arrived, {Breach::missing, "files", "a sample is needed"});
    const MakerJob& job = begin_job("voice", std::move(given.fields), false);
    return json_response(200, JsonObject{{"voice_id", job.id}, {"requires_verification", false}});
  }

  static net::Response models() {
    JsonArray all;
    for (const Model& model : kModels)
      all.push_back(JsonObject{
          {"model_id", model.id},
          {"name", model.id},
          {"can_do_text_to_speech", true},
          {"maximum_text_length_per_request", model.characters},
          {"languages", JsonArray{JsonObject{{"language_id", "en"}, {"name", "English"}}}}});
    return json_response(200, all);
  }

  net::Response subscription() const {
    return json_response(
        200, JsonObject{{"tier", "creator"},
                        {"character_count", characters_},
                        {"character_limit", 100'000},
                        {"max_credit_limit_extension", 0},
                        {"can_extend_character_limit", false},
                        {"allowed_to_extend_character_limit", false},
                        {"next_character_count_reset_unix", 1'800'000'000},
                        {"voice_slots_used", std::ssize(jobs())},
                        {"professional_voice_slots_used", 0},
                        {"professional_voice_slots_used_in_workspace", 0},
                        {"voice_limit", 30},
                        {"voice_add_edit_counter", 0},
                        {"professional_voice_limit", 1},
                        {"can_extend_voice_limit", false},
                        {"can_use_instant_voice_cloning", true},
                        {"can_use_professional_voice_cloning", false},
                        {"current_overage", JsonObject{{"amount", "0"}, {"currency", "usd"}}},
                        {"status", "active"},
                        {"open_invoices", JsonArray()},
                        {"has_open_invoices", false}});
  }

  std::int64_t characters_ = 0;
};

}  // namespace

std::unique_ptr<MakerFace> make_elevenlabs_face(Sandbox& sandbox, FaceRules rules) {
  return std::make_unique<ElevenlabsFace>(sandbox, std::move(rules));
}

}  // namespace rf::sim
