#include "platform/bulk_file.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <fmt/format.h>

namespace rf::platform {
namespace {

struct LevelColumns {
  std::string_view id;  // Empty where the editor goes by names.
  std::string_view name;
  std::string_view status;
  std::string_view budget;     // Empty where none is kept at the level.
  std::string_view id_prefix;  // Keeps spreadsheets from rounding long numbers.
};

struct Editor {
  std::string_view file;
  std::array<LevelColumns, 3> levels;  // Campaign, ad set, ad.
  std::string_view active;
  std::string_view paused;
  std::string_view how;
};

// Source: Ads Manager's own exports for import, whose columns and id prefixes these are; not
// confirmed by a document that is at hand.
constexpr Editor kMeta{
    "meta-bulk-edit.csv",
    {{{"Campaign ID", "Campaign Name", "Campaign Status", "Campaign Daily Budget", "cg:"},
      {"Ad Set ID", "Ad Set Name", "Ad Set Run Status", "Ad Set Daily Budget", "c:"},
      {"Ad ID", "Ad Name", "Ad Status", "", "a:"}}},
    "ACTIVE",
    "PAUSED",
    "in Ads Manager: Import & export, Import ads in bulk"};

// Source: TikTok's help, "Troubleshoot bulk import": ids begin with "id:", columns are those of the
// account's own template, which differs between accounts.
constexpr Editor kTiktok{
    "tiktok-bulk-edit.csv",
    {{{"Campaign ID", "Campaign Name", "Campaign Status", "Campaign Budget", "id:"},
      {"Ad Group ID", "Ad Group Name", "Ad Group Status", "Ad Group Budget", "id:"},
      {"Ad ID", "Ad Name", "Ad Status", "", "id:"}}},
    "Active",
    "Inactive",
    "copy the rows into the template that TikTok's Bulk Export gives for this account"};

// Source: Google Ads Editor's help, "CSV file columns": headers in English, an empty field changes
// nothing.
constexpr Editor kGoogle{"google-ads-editor.csv",
                         {{{"", "Campaign", "Campaign Status", "Campaign Daily Budget", ""},
                           {"", "Ad Group", "Ad Group Status", "", ""},
                           {"Ad ID", "Ad Name", "Status", "", ""}}},
                         "Enabled",
                         "Paused",
                         "in Google Ads Editor: Account, Import, From file"};

const Editor* editor_of(Platform platform) {
  switch (platform) {
    case Platform::meta: return &kMeta;
    case Platform::tiktok: return &kTiktok;
    case Platform::google: return &kGoogle;
    case Platform::plain: break;
  }
  return nullptr;
}

std::string field_of(std::string_view value) {
  if (value.find_first_of(",\"\n\r") == std::string_view::npos) return std::string(value);
  std::string out = "\"";
  for (char c : value) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

// Source: OWASP, CSV Injection.
bool is_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

struct Names {
  std::array<const std::string*, 3> ids;
  std::array<const std::string*, 3> names;
};

Names names_of(const Entity& entity) {
  return {{&entity.campaign_id, &entity.adset_id, &entity.ad_id},
          {&entity.campaign_name, &entity.adset_name, &entity.ad_name}};
}

std::size_t depth_of(Level level) { return level == Level::ad ? 2 : level == Level::adset ? 1 : 0; }

// Why the editor cannot make the change; empty when it can.
std::string_view obstacle(const Editor& editor, const BulkChange& each) {
  const std::size_t own = depth_of(each.change.level);
  const LevelColumns& columns = editor.levels.at(own);
  const Names names = names_of(each.entity);
  if (each.change.level == Level::account) return "is an account";
  if (each.change.status.has_value() == each.change.daily_budget.has_value())
    return "is not one change";
  if (each.change.status == RunStatus::archived) return "archiving is done by hand";
  if (each.change.daily_budget && columns.budget.empty()) return "has no budget of its own";
  if (!columns.id.empty() && each.change.id.empty()) return "has no id";
  for (std::size_t i = 0; i <= own; ++i) {
    const bool by_name = editor.levels.at(i).id.empty();
    if (by_name && names.names.at(i)->empty()) return "lacks the names that lead to it";
    if (is_formula(*names.names.at(i))) return "has a name that a spreadsheet would run";
  }
  return "";
}

std::vector<std::string> header_of(const Editor& editor) {
  std::vector<std::string> header;
  for (const LevelColumns& level : editor.levels) {
    for (std::string_view column : {level.id, level.name, level.status, level.budget}) {
      if (!column.empty()) header.emplace_back(column);
    }
  }
  return header;
}

// The fields of a level above the changed thing's: which one it is, and nothing to change.
void add_name(const LevelColumns& level, const std::string& id, const std::string& name,
              std::vector<std::string>& row) {
  if (!level.id.empty()) row.push_back(id.empty() ? "" : std::string(level.id_prefix) + id);
  row.push_back(name);
}

std::string status_of(const Editor& editor, const Change& change) {
  if (!change.status) return "";
  return std::string(*change.status == RunStatus::active ? editor.active : editor.paused);
}

std::vector<std::string> row_of(const Editor& editor, const BulkChange& each) {
  const std::size_t own = depth_of(each.change.level);
  const Names names = names_of(each.entity);
  std::vector<std::string> row;
  for (std::size_t i = 0; i < editor.levels.size(); ++i) {
    const LevelColumns& level = editor.levels.at(i);
    const bool here = i == own;
    if (i > own) {
      add_name(level, "", "", row);
    } else {
      add_name(level, here ? each.change.id : *names.ids.at(i), *names.names.at(i), row);
    }
    row.push_back(here ? status_of(editor, each.change) : "");
    if (level.budget.empty()) continue;
    const bool moves = here && each.change.daily_budget.has_value();
    row.push_back(moves ? to_decimal(*each.change.daily_budget) : "");
  }
  return row;
}

std::string line_of(const std::vector<std::string>& fields) {
  std::string line;
  for (const std::string& field : fields) {
    if (&field != fields.data()) line += ',';
    line += field_of(field);
  }
  return line + "\r\n";
}

}  // namespace

Result<BulkFile> bulk_file(Platform platform, std::span<const BulkChange> changes) {
  const Editor* editor = editor_of(platform);
  if (editor == nullptr) return fail(ErrorCode::invalid, "plain files have no bulk editor");
  BulkFile file;
  file.name = editor->file;
  file.text = line_of(header_of(*editor));
  file.notices.emplace_back(editor->how);
  for (const BulkChange& each : changes) {
    if (const std::string_view why = obstacle(*editor, each); !why.empty()) {
      file.notices.push_back(fmt::format("not in the file: '{}' {}", each.entity.name(), why));
      continue;
    }
    file.text += line_of(row_of(*editor, each));
    ++file.changes;
  }
  return file;
}

}  // namespace rf::platform
