// TikTok's videos and images, and conversion events.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/md5.h"
#include "sim/faces/tiktok_desk.h"

namespace rf::sim::tiktok {
namespace {

constexpr std::size_t kVideosMax = 60;
constexpr std::size_t kEventsMax = 1000;
constexpr Duration kEventAge = std::chrono::hours(24 * 7);

JsonObject written_video(const AssetBook& video) {
  return {{"video_id", video.id},
          {"material_id", video.id + "0"},
          {"file_name", video.name},
          {"width", 720},
          {"height", 1280},
          {"duration", 15.0},
          {"format", "mp4"},
          {"size", video.bytes_total},
          {"signature", md5_hex(video.bytes)},
          {"displayable", true},
          {"allowed_placements", JsonArray{"PLACEMENT_TIKTOK"}}};
}

// What was sent as a file matches the sum that came with it.
std::optional<Outcome> signature_refusal(const Call& call, std::string_view field,
                                         std::string_view file) {
  if (call.arrived.file_field != file) return refused(40002, fmt::format("{} is required", file));
  if (call.checked.text(field) != md5_hex(call.arrived.bytes)) {
    return refused(40900, "The file's signature does not match");
  }
  return std::nullopt;
}

std::optional<Outcome> source_refusal(const Call& call, std::string_view kind) {
  const std::string type = call.checked.text("upload_type");
  if (type.empty() || type == "UPLOAD_BY_FILE") {
    return signature_refusal(call, fmt::format("{}_signature", kind), fmt::format("{}_file", kind));
  }
  if (type == "UPLOAD_BY_URL" && !call.checked.has(fmt::format("{}_url", kind))) {
    return refused(40002, fmt::format("{}_url is required", kind));
  }
  return std::nullopt;
}

std::string text_in(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

Outcome upload_video(Desk& desk, const Call& call) {
  if (auto refusal = source_refusal(call, "video")) return *refusal;
  const std::string name = call.checked.text("file_name");
  const bool taken = std::ranges::any_of(desk.box.assets(), [&](const AssetBook& asset) {
    return asset.account == call.account && asset.kind == "video" && asset.name == name;
  });
  if (taken && !name.empty()) return refused(40911, "Duplicated material name");
  const std::size_t index = desk.box.add_asset({.account = call.account,
                                                .name = name,
                                                .kind = "video",
                                                .bytes_total = std::ssize(call.arrived.bytes),
                                                .bytes = call.arrived.bytes,
                                                .complete = true});
  return {.data = JsonArray{written_video(desk.box.assets()[index])}};
}

Outcome upload_image(Desk& desk, const Call& call) {
  if (auto refusal = source_refusal(call, "image")) return *refusal;
  const std::size_t index = desk.box.add_asset({.account = call.account,
                                                .name = call.checked.text("file_name"),
                                                .kind = "image",
                                                .complete = true});
  const AssetBook& image = desk.box.assets()[index];
  return {.data = JsonObject{
              {"image_id", image.id},
              {"image_url", fmt::format("http://{}/images/{}", call.arrived.host, image.id)},
              {"width", 720},
              {"height", 1280},
              {"file_name", image.name}}};
}

Outcome video_info(Desk& desk, const Call& call) {
  const std::vector<std::string> ids = texts_of(call.checked, "video_ids");
  if (ids.empty() || ids.size() > kVideosMax)
    return broken(desk, call, "video_ids: expected 1 to 60");
  JsonArray list;
  for (const std::string& id : ids) {
    const std::optional<std::size_t> found = desk.box.find_asset(id);
    if (!found || desk.box.assets()[*found].kind != "video") continue;
    list.push_back(written_video(desk.box.assets()[*found]));
  }
  return {.data = JsonObject{{"list", std::move(list)}}};
}

Outcome video_search(Desk& desk, const Call& call) {
  const std::int64_t page = call.checked.whole("page", 1);
  const std::int64_t size = call.checked.whole("page_size", 20);
  if (page < 1 || size < 1 || size > 100) return broken(desk, call, "page_size: expected 1 to 100");
  JsonArray list;
  std::int64_t seen = 0;
  for (const AssetBook& asset : desk.box.assets()) {
    if (asset.account != call.account || asset.kind != "video") continue;
    if (seen >= (page - 1) * size && seen < page * size) list.push_back(written_video(asset));
    ++seen;
  }
  return {.data = JsonObject{{"list", std::move(list)},
                             {"page_info", page_info(page, size, static_cast<std::size_t>(seen))}}};
}

Outcome track_pixel(Desk& desk, const Call& call) {
  const std::string id = call.checked.text("event_id");
  if (!id.empty()) {
    desk.box.take_event(fmt::format("tiktok {} {} {}", call.checked.text("pixel_code"),
                                    call.checked.text("event"), id),
                        desk.box.now());
  }
  return {};
}

Outcome track_events(Desk& desk, const Call& call) {
  const JsonArray& events = call.checked.fields.at("data").get_array();
  if (events.empty() || events.size() > kEventsMax)
    return broken(desk, call, "data: expected 1 to 1000");
  JsonArray failed;
  for (std::size_t i = 0; i < events.size(); ++i) {
    const CheckedFields event = events[i].is_object()
                                    ? check_object(events[i].get_object(), event_rules())
                                    : CheckedFields{.fine = false};
    if (!event.fine)
      return broken(desk, call, fmt::format("data[{}]: {}", i, event.trouble.message));
    const Instant at{std::chrono::seconds(event.whole("event_time", 0))};
    if (at < desk.box.now() - kEventAge || at > desk.box.now() + std::chrono::minutes(10)) {
      failed.push_back(JsonObject{{"order_in_request", static_cast<std::int64_t>(i)},
                                  {"error_message", "event_time is out of range"}});
      continue;
    }
    const std::string id = text_in(events[i].get_object(), "event_id");
    if (id.empty()) continue;
    desk.box.take_event(fmt::format("tiktok {} {} {}", call.checked.text("event_source_id"),
                                    event.text("event"), id),
                        desk.box.now());
  }
  if (failed.empty()) return {};
  return {20001, "Partial success", JsonObject{{"failed_events", std::move(failed)}}};
}

}  // namespace rf::sim::tiktok
