// The parts of TikTok's face, and what they share while it runs. Internal to the face.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"
#include "sim/faces/face.h"
#include "sim/faces/fields.h"
#include "sim/faces/parts.h"
#include "sim/faces/tiktok_words.h"

namespace rf::sim::tiktok {

// What a call gives, or why not; put into the envelope.
struct Outcome {
  int code = 0;
  std::string message = "OK";
  Json data = JsonObject();
  int http = 200;
  std::string raw = {};  // Where the answer is no envelope: a downloaded report.
};

inline Outcome refused(int code, std::string message) { return {code, std::move(message)}; }

struct Task {
  std::string id;
  std::size_t account = 0;
  CheckedFields question;
  std::int64_t looks = 0;
  bool cancelled = false;
};

struct Desk {
  CallBook& book;
  Sandbox& box;
  std::vector<Task> tasks = {};
  std::map<std::string, Instant> request_ids = {};
  std::string cached_key = {};
  std::vector<PartRow> cached = {};
  bool cut_short = false;
};

struct Call {
  const Arrived& arrived;
  std::string path;  // "campaign/get/".
  CheckedFields checked;
  std::size_t account = 0;
};

std::vector<std::string> texts_of(const CheckedFields& checked, std::string_view name);
JsonObject page_info(std::int64_t page, std::int64_t size, std::size_t count);

// A breach of the contract inside a field.
Outcome broken(Desk& desk, const Call& call, std::string message);

// tiktok_reports.cc
Outcome report(Desk& desk, const Call& call);
Outcome task_create(Desk& desk, const Call& call);
Outcome task_check(Desk& desk, const Call& call);
Outcome task_download(Desk& desk, const Call& call);
Outcome task_cancel(Desk& desk, const Call& call);

// tiktok_things.cc
Outcome list_things(Desk& desk, const Call& call, Level level);
Outcome create_campaign(Desk& desk, const Call& call);
Outcome create_group(Desk& desk, const Call& call);
Outcome create_ads(Desk& desk, const Call& call);
Outcome update_campaign(Desk& desk, const Call& call);
Outcome update_group(Desk& desk, const Call& call);
Outcome update_ads(Desk& desk, const Call& call);
Outcome update_budgets(Desk& desk, const Call& call);
Outcome update_status(Desk& desk, const Call& call, Level level);

// tiktok_files.cc
Outcome upload_video(Desk& desk, const Call& call);
Outcome upload_image(Desk& desk, const Call& call);
Outcome video_info(Desk& desk, const Call& call);
Outcome video_search(Desk& desk, const Call& call);
Outcome track_events(Desk& desk, const Call& call);
Outcome track_pixel(Desk& desk, const Call& call);

}  // namespace rf::sim::tiktok
