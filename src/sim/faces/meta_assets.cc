// Videos, images, creatives, and conversion events.

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "base/sha256.h"
#include "sim/faces/meta_desk.h"

namespace rf::sim::meta {
namespace {

net::Response made(std::string_view id) { return json_response(200, JsonObject{{"id", id}}); }
net::Response success() { return json_response(200, JsonObject{{"success", true}}); }

net::Response refuse_field(std::string_view field, std::string message, int subcode = 0) {
  return refuse({.code = 100,
                 .subcode = subcode,
                 .message = std::move(message),
                 .field = std::string(field)});
}

// A video is ready when it was looked at this often after its last byte. Chosen.
constexpr std::int64_t kLooksUntilReady = 2;

bool is_ready(const AssetBook& video) { return video.complete && video.looks >= kLooksUntilReady; }

std::optional<std::size_t> find_video(const Sandbox& box, std::string_view id,
                                      std::size_t account) {
  const std::optional<std::size_t> asset = box.find_asset(id);
  if (!asset || box.assets()[*asset].kind != "video" || box.assets()[*asset].account != account) {
    return std::nullopt;
  }
  return asset;
}

const JsonObject* object_in(const JsonObject* object, std::string_view name) {
  const Json* value = object == nullptr ? nullptr : object->if_contains(name);
  return value != nullptr && value->is_object() ? &value->get_object() : nullptr;
}

std::string text_in(const JsonObject& object, std::string_view name) {
  const Json* value = object.if_contains(name);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : to_text(*value);
}

constexpr auto kStorySpec = std::to_array<FieldRule>({
    {"page_id", FieldKind::id, true},
    {"instagram_user_id", FieldKind::id},
    {"video_data", FieldKind::object, true},
});

constexpr auto kVideoData = std::to_array<FieldRule>({
    {"video_id", FieldKind::id, true},
    {"title", FieldKind::text},
    {"message", FieldKind::text},
    {"link_description", FieldKind::text},
    {"image_url", FieldKind::text},
    {"image_hash", FieldKind::text},
    {"call_to_action", FieldKind::object},
});

// The video of a creative's story, or why there is none.
struct StoryVideo {
  std::string id;
  std::optional<net::Response> refusal;
};

StoryVideo story_video(Desk& desk, const Call& call, const CheckedFields& checked,
                       std::size_t account) {
  const JsonObject* story = object_in(&checked.fields, "object_story_spec");
  if (story == nullptr) {
    if (checked.has("asset_feed_spec")) return {};
    return {{}, refuse_field("object_story_spec", "object_story_spec is required")};
  }
  for (const CheckedFields& part :
       {check_object(*story, kStorySpec),
        check_object(object_in(story, "video_data") != nullptr ? *object_in(story, "video_data")
                                                               : JsonObject(),
                     kVideoData)}) {
    if (!part.fine) return {{}, refuse_trouble(desk, call.arrived, part.trouble)};
  }
  const JsonObject& video_data = *object_in(story, "video_data");
  const std::string id = text_in(video_data, "video_id");
  const std::optional<std::size_t> video = find_video(desk.box, id, account);
  if (!video)
    return {{}, refuse_field("video_id", fmt::format("Invalid video id {}", id), 1487930)};
  if (!is_ready(desk.box.assets()[*video])) {
    return {{}, refuse_field("video_id", "Video not ready for use in an ad", 1885252)};
  }
  if (!video_data.contains("image_url") && !video_data.contains("image_hash")) {
    return {{},
            refuse_field("image_url", "Please specify one of image_hash or image_url", 1443226)};
  }
  return {id, std::nullopt};
}

// A number from a header of the resumable upload.
std::int64_t header_number(const net::Request& request, std::string_view name) {
  const std::string_view text = request.headers.find(name).value_or("0");
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::size_t add_video(Desk& desk, const CheckedFields& checked, std::size_t account,
                      std::int64_t total) {
  const std::string title = checked.has("title") ? checked.text("title") : checked.text("name");
  return desk.box.add_asset(
      {.account = account, .name = title, .kind = "video", .bytes_total = total});
}

JsonObject offsets(const AssetBook& video) {
  // Chosen: pieces of a mebibyte.
  constexpr std::int64_t kPiece = 1 << 20;
  const std::int64_t start = std::ssize(video.bytes);
  return {{"start_offset", fmt::format("{}", start)},
          {"end_offset", fmt::format("{}", std::min(video.bytes_total, start + kPiece))}};
}

net::Response start_pieces(Desk& desk, const CheckedFields& checked, std::size_t account) {
  const std::int64_t size = checked.whole("file_size", 0);
  if (size <= 0) return refuse_field("file_size", "file_size is required");
  const AssetBook& video = desk.box.assets()[add_video(desk, checked, account, size)];
  JsonObject body = offsets(video);
  body["video_id"] = video.id;
  body["upload_session_id"] = video.id;
  return json_response(200, body);
}

net::Response take_piece(const Call& call, const CheckedFields& checked, AssetBook& video) {
  const std::int64_t start = checked.whole("start_offset", -1);
  if (start != std::ssize(video.bytes)) {
    return refuse(
        {.code = 6000,
         .subcode = 1363037,
         .message = fmt::format("Chunk has invalid start offset, expected {}", video.bytes.size()),
         .field = "start_offset"});
  }
  video.bytes += call.arrived.bytes;
  if (std::ssize(video.bytes) > video.bytes_total) {
    return refuse_field("video_file_chunk", "More bytes than file_size");
  }
  JsonObject body = offsets(video);
  if (std::ssize(video.bytes) == video.bytes_total) body["end_offset"] = body["start_offset"];
  return json_response(200, body);
}

net::Response upload_phase(Desk& desk, const Call& call, const CheckedFields& checked,
                           std::size_t account) {
  const std::string phase = checked.text("upload_phase");
  if (phase == "start") return start_pieces(desk, checked, account);
  const std::optional<std::size_t> found =
      find_video(desk.box, checked.text("upload_session_id"), account);
  if (!found) return refuse_field("upload_session_id", "Unknown upload session", 1363033);
  AssetBook& video = desk.box.asset(*found);
  if (phase == "transfer") return take_piece(call, checked, video);
  if (phase == "finish" && std::ssize(video.bytes) != video.bytes_total) {
    return refuse_field("upload_phase", "The upload is not complete", 1363033);
  }
  video.complete = phase == "finish";
  if (checked.has("title")) video.name = checked.text("title");
  return success();
}

JsonObject video_status(const AssetBook& video) {
  const bool whole = video.complete;
  const bool ready = is_ready(video);
  const std::int64_t arrived = std::ssize(video.bytes);
  return {{"video_status", ready ? "ready" : "processing"},
          {"uploading_phase", JsonObject{{"status", whole ? "complete" : "in_progress"},
                                         {"bytes_transferred", arrived}}},
          {"processing_phase", JsonObject{{"status", ready   ? "complete"
                                                     : whole ? "in_progress"
                                                             : "not_started"}}},
          {"publishing_phase", JsonObject{{"status", ready ? "complete" : "not_started"}}}};
}

std::optional<Json> asset_field(const Sandbox& box, const AssetBook& asset, std::string_view name) {
  if (name == "id") return Json(std::string_view(asset.id));
  if (name == "account_id") return Json(box.account_number(asset.account));
  if (name == "name" || name == "title") return Json(std::string_view(asset.name));
  if (name == "created_time" || name == "updated_time") return Json(time_text(asset.created));
  if (name == "status" && asset.kind == "video") return Json(video_status(asset));
  if (name == "status") return Json("ACTIVE");
  if (name == "length" && asset.kind == "video") return Json(15.0);
  if (const Json* given = asset.given.if_contains(name)) return *given;
  return std::nullopt;
}

std::string_view asset_fields(std::string_view kind) {
  return kind == "video" ? kVideoFields : kCreativeFields;
}

JsonObject written_asset(const Sandbox& box, const AssetBook& asset,
                         const std::vector<std::string>& names) {
  JsonObject object;
  for (const std::string& name : names) {
    std::optional<Json> value = asset_field(box, asset, name);
    if (value) object[name] = std::move(*value);
  }
  object["id"] = std::string_view(asset.id);
  return object;
}

// Events.

constexpr Duration kEventAge = std::chrono::hours(24 * 7);
constexpr Duration kClockSkew = std::chrono::minutes(10);
constexpr std::size_t kEventsMax = 1000;

constexpr std::string_view kUserKeys =
    "em ph fn ln ge db ct st zp country external_id client_ip_address client_user_agent fbc fbp "
    "subscription_id fb_login_id lead_id madid anon_id page_id page_scoped_user_id ctwa_clid "
    "ig_account_id ig_sid f5first f5last fi dobd dobm doby";
constexpr std::string_view kHashedKeys = "em ph fn ln ge db ct st zp country";
constexpr std::string_view kCustomKeys =
    "value currency content_ids contents content_type content_name content_category order_id "
    "num_items predicted_ltv search_string status delivery_category net_revenue shipping_contact "
    "billing_contact item_number custom_properties";

bool is_hash(std::string_view text) {
  return (text.size() == 64 || text.size() == 32) && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool all_hashes(const Json& value) {
  if (value.is_string()) return is_hash(std::string_view(value.get_string()));
  return value.is_array() && std::ranges::all_of(value.get_array(), [](const Json& each) {
           return each.is_string() && is_hash(std::string_view(each.get_string()));
         });
}

std::optional<FieldTrouble> person_trouble(const JsonObject& person) {
  std::int64_t keys = 0;
  for (const auto& each : person) {
    if (each.value().is_null()) continue;
    if (!is_among(each.key(), kUserKeys)) {
      return FieldTrouble{
          Breach::unknown, "user_data",
          fmt::format("Unexpected key '{}' in user_data", std::string_view(each.key()))};
    }
    if (is_among(each.key(), kHashedKeys) && !all_hashes(each.value())) {
      return FieldTrouble{Breach::wrong_value, "user_data",
                          fmt::format("'{}' in user_data is not hashed with SHA-256",
                                      std::string_view(each.key()))};
    }
    ++keys;
  }
  if (keys > 0) return std::nullopt;
  return FieldTrouble{Breach::missing, "user_data", "You haven't added sufficient customer data"};
}

std::optional<FieldTrouble> custom_trouble(const std::string& event, const JsonObject* custom) {
  if (custom != nullptr) {
    for (const auto& each : *custom) {
      if (each.value().is_null() || is_among(each.key(), kCustomKeys)) continue;
      return FieldTrouble{
          Breach::unknown, "custom_data",
          fmt::format("Unexpected key '{}' in custom_data", std::string_view(each.key()))};
    }
  }
  if (event != "Purchase") return std::nullopt;
  const Json* value = custom == nullptr ? nullptr : custom->if_contains("value");
  const Json* currency = custom == nullptr ? nullptr : custom->if_contains("currency");
  const bool fine = value != nullptr && value->is_number() && currency != nullptr &&
                    currency->is_string() &&
                    Currency::parse(std::string_view(currency->get_string())).has_value();
  if (fine) return std::nullopt;
  return FieldTrouble{Breach::missing, "custom_data",
                      "A Purchase event needs value and an ISO 4217 currency"};
}

std::optional<FieldTrouble> event_trouble(const Sandbox& box, const Json& json) {
  if (!json.is_object()) return FieldTrouble{Breach::wrong_type, "data", "An event is an object"};
  const CheckedFields event = check_object(json.get_object(), event_rules());
  if (!event.fine) return event.trouble;
  const Instant at{std::chrono::seconds(event.whole("event_time", 0))};
  if (at < box.now() - kEventAge || at > box.now() + kClockSkew) {
    return FieldTrouble{
        Breach::missing, "event_time",
        "event_time is too old or in the future; events of the last 7 days are taken"};
  }
  const JsonObject& person = event.fields.at("user_data").get_object();
  if (event.text("action_source") == "website" &&
      (!event.has("event_source_url") || !person.contains("client_user_agent"))) {
    return FieldTrouble{Breach::missing, "event_source_url",
                        "Website events need event_source_url and client_user_agent"};
  }
  if (auto trouble = person_trouble(person)) return trouble;
  return custom_trouble(event.text("event_name"), object_in(&event.fields, "custom_data"));
}

}  // namespace

net::Response create_creative(Desk& desk, const Call& call, std::size_t account) {
  Taken taken = take_fields(desk, call.arrived, creative_rules());
  if (taken.refusal) return *taken.refusal;
  StoryVideo story = story_video(desk, call, taken.checked, account);
  if (story.refusal) return *story.refusal;
  const std::vector<std::string> options = texts_of(taken.checked, "execution_options");
  if (std::ranges::find(options, "validate_only") != options.end()) return success();
  JsonObject given = taken.checked.fields;
  given.erase("name");
  given.erase("execution_options");
  if (!story.id.empty()) given["video_id"] = story.id;
  const std::size_t index = desk.box.add_asset({.account = account,
                                                .name = taken.checked.text("name"),
                                                .kind = "creative",
                                                .complete = true,
                                                .given = std::move(given)});
  return made(desk.box.assets()[index].id);
}

net::Response upload_video(Desk& desk, const Call& call, std::size_t account) {
  Taken taken = take_fields(desk, call.arrived, video_rules());
  if (taken.refusal) return *taken.refusal;
  if (taken.checked.has("upload_phase")) return upload_phase(desk, call, taken.checked, account);
  const bool by_url = taken.checked.has("file_url");
  if (!by_url && call.arrived.file_field != "source") {
    return refuse({.code = 100,
                   .subcode = 1363023,
                   .message = "No video file was sent: source or file_url is required",
                   .field = "source"});
  }
  const std::size_t index = add_video(desk, taken.checked, account, std::ssize(call.arrived.bytes));
  AssetBook& video = desk.box.asset(index);
  video.bytes = call.arrived.bytes;
  video.complete = true;
  return made(video.id);
}

net::Response video_ads(Desk& desk, const Call& call, std::size_t account) {
  Taken taken = take_fields(desk, call.arrived, video_ad_rules());
  if (taken.refusal) return *taken.refusal;
  if (taken.checked.text("upload_phase") == "start") {
    const AssetBook& video = desk.box.assets()[add_video(desk, taken.checked, account, 0)];
    const std::string url = fmt::format("http://{}/rupload/{}", call.arrived.host, video.id);
    return json_response(200, JsonObject{{"video_id", video.id}, {"upload_url", url}});
  }
  const std::optional<std::size_t> video =
      find_video(desk.box, taken.checked.text("video_id"), account);
  if (!video) return refuse_field("video_id", "Unknown video", 33);
  if (!desk.box.assets()[*video].complete) {
    return refuse_field("video_id", "The upload is not complete", 1363033);
  }
  return success();
}

net::Response resumable_bytes(Desk& desk, const net::Request& request, std::string_view video_id) {
  const std::optional<std::size_t> found = desk.box.find_asset(video_id);
  if (!found || desk.box.assets()[*found].kind != "video") {
    return refuse({.code = 100, .subcode = 33, .message = "Unknown upload", .http = 404});
  }
  AssetBook& video = desk.box.asset(*found);
  if (request.method == "GET") {
    return json_response(200, JsonObject{{"offset", std::ssize(video.bytes)}});
  }
  if (request.headers.find("file_url")) {
    video.complete = true;
    return success();
  }
  const std::int64_t size = header_number(request, "file_size");
  if (header_number(request, "offset") != std::ssize(video.bytes) || size <= 0) {
    return refuse_field("offset", fmt::format("Expected offset {}", video.bytes.size()));
  }
  video.bytes_total = size;
  video.bytes += request.body;
  if (std::ssize(video.bytes) > size) return refuse_field("file_size", "More bytes than file_size");
  video.complete = std::ssize(video.bytes) == size;
  return success();
}

net::Response upload_image(Desk& desk, const Call& call, std::size_t account) {
  Taken taken = take_fields(desk, call.arrived, image_rules());
  if (taken.refusal) return *taken.refusal;
  std::string bytes = taken.checked.text("bytes");
  if (bytes.empty()) bytes = call.arrived.bytes;
  if (bytes.empty()) return refuse_field("bytes", "No image was sent", 1487411);
  const std::string name = taken.checked.has("name") ? taken.checked.text("name") : "bytes";
  const std::string hash = sha256_hex(bytes).substr(0, 32);
  desk.box.add_asset({.account = account,
                      .name = name,
                      .kind = "image",
                      .complete = true,
                      .given = {{"hash", hash}}});
  const std::string url = fmt::format("http://{}/images/{}", call.arrived.host, hash);
  return json_response(
      200, JsonObject{{"images", JsonObject{{name, JsonObject{{"hash", hash}, {"url", url}}}}}});
}

net::Response list_assets(Desk& desk, const Call& call, std::size_t account,
                          std::string_view kind) {
  Taken taken = take_fields(desk, call.arrived, list_rules());
  if (taken.refusal) return *taken.refusal;
  AskedFields asked = asked_fields(desk, call.arrived, taken.checked, asset_fields(kind), "id");
  if (asked.refusal) return *asked.refusal;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < desk.box.assets().size(); ++i) {
    const AssetBook& asset = desk.box.assets()[i];
    if (asset.account == account && asset.kind == kind) found.push_back(i);
  }
  const std::optional<Page> page = page_of(taken.checked, found.size(), 25);
  if (!page) return refuse_field("after", "Invalid cursor or limit");
  JsonArray data;
  for (std::size_t i = page->start; i < page->end; ++i) {
    data.push_back(written_asset(desk.box, desk.box.assets()[found[i]], asked.names));
  }
  return paged(desk, call, std::move(data), *page, found.size());
}

net::Response read_asset(Desk& desk, const Call& call, std::size_t index) {
  Taken taken = take_fields(desk, call.arrived, read_rules());
  if (taken.refusal) return *taken.refusal;
  AssetBook& asset = desk.box.asset(index);
  AskedFields asked =
      asked_fields(desk, call.arrived, taken.checked, asset_fields(asset.kind), "id");
  if (asked.refusal) return *asked.refusal;
  if (asset.complete) ++asset.looks;
  return json_response(200, written_asset(desk.box, asset, asked.names));
}

net::Response thumbnails(const Call& call, std::string_view video) {
  JsonArray data;
  for (int i = 0; i < 3; ++i) {
    data.push_back(
        JsonObject{{"id", fmt::format("{}{}", video, i)},
                   {"uri", fmt::format("http://{}/images/{}-{}.jpg", call.arrived.host, video, i)},
                   {"is_preferred", i == 0},
                   {"width", 720},
                   {"height", 1280}});
  }
  return json_response(200, JsonObject{{"data", std::move(data)}});
}

net::Response take_events(Desk& desk, const Call& call) {
  Taken taken = take_fields(desk, call.arrived, events_rules());
  if (taken.refusal) return *taken.refusal;
  const JsonArray& events = taken.checked.fields.at("data").get_array();
  if (events.empty() || events.size() > kEventsMax) {
    return refuse_field("data", "Between 1 and 1000 events are taken", 2804050);
  }
  // One bad event fails all of them.
  for (const Json& event : events) {
    if (auto trouble = event_trouble(desk.box, event))
      return refuse_trouble(desk, call.arrived, *trouble);
  }
  for (const Json& json : events) {
    const JsonObject& event = json.get_object();
    const std::string id = text_in(event, "event_id");
    if (id.empty()) continue;
    desk.box.take_event(fmt::format("meta {} {} {}", call.node, text_in(event, "event_name"), id),
                        desk.box.now());
  }
  return json_response(200,
                       JsonObject{{"events_received", std::ssize(events)},
                                  {"messages", JsonArray()},
                                  {"fbtrace_id", sha256_hex(to_text(Json(events))).substr(0, 22)}});
}

}  // namespace rf::sim::meta
