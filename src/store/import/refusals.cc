#include "store/import/refusals.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rf::imports {
namespace {

// Long headers and hundreds of them would hide the message.
constexpr std::size_t kShown = 40;

std::string list(const std::vector<std::string>& found) {
  std::vector<std::string> shown(found.begin(),
                                 found.begin() + static_cast<std::ptrdiff_t>(
                                                     std::min(found.size(), kShown)));
  for (std::string& each : shown) {
    if (each.size() > 60) each = each.substr(0, 57) + "...";
  }
  return fmt::format("{}{}", fmt::join(shown, ", "), found.size() > kShown ? ", ..." : "");
}

std::string_view wanted(Platform platform) {
  switch (platform) {
    case Platform::meta:
      return "Campaign name, Ad set name or Ad name, and Amount spent or another metric";
    case Platform::tiktok: return "Campaign name, Ad group name or Ad name, and Cost";
    case Platform::google: return "Campaign, Ad group or Ad name, and Cost";
    case Platform::plain: break;
  }
  return "the columns that the mapping names";
}

// Source: the ad managers' own export dialogues, as doc/formats describes them.
std::string_view steps_for_days(Platform platform) {
  switch (platform) {
    case Platform::meta:
      return "in Ads Manager choose Breakdown > By time > Day, then Reports > Export table data > "
             "CSV";
    case Platform::tiktok:
      return "in TikTok Ads Manager open Reporting > Custom report, add the dimension 'By Day', "
             "then export CSV or XLSX";
    case Platform::google:
      return "in Google Ads open the report, choose Segment > Time > Day, then Download > .csv";
    case Platform::plain: break;
  }
  return "add a column with the day, or say grain = \"total\" in the mapping";
}

std::string_view steps_for_english(Platform platform) {
  switch (platform) {
    case Platform::meta:
      return "export again from Ads Manager as CSV and do not open the file in a spreadsheet in "
             "between; native files have ISO dates and decimal points";
    case Platform::tiktok:
      return "export again from TikTok Ads Manager as XLSX and do not save it from a spreadsheet";
    case Platform::google:
      return "in Google Ads choose Download > More options > language English (US) and format .csv";
    case Platform::plain: break;
  }
  return "write the dates as 2026-03-01 and the numbers with a decimal point";
}

}  // namespace

Error refuse_unknown(const std::vector<std::string>& found) {
  return fail(ErrorCode::invalid,
              fmt::format("is not an export of Meta, TikTok or Google Ads that we know. Found: {}; "
                          "wanted: the column headers of such an export among the first lines. For "
                          "any other table write a mapping file and pass it with --map",
                          list(found)));
}

Error refuse_columns(Platform platform, const std::vector<std::string>& found) {
  return fail(ErrorCode::invalid,
              fmt::format("looks like an export of {}, but what is needed is not in it. Found: {}; "
                          "wanted: {}. Add these columns to the report and export it again",
                          to_string(platform), list(found), wanted(platform)));
}

Error refuse_period(Platform platform, std::string_view what) {
  return fail(ErrorCode::invalid,
              fmt::format("has totals of a period and not of days ({}); days are needed to see "
                          "change. To add them: {}",
                          what, steps_for_days(platform)));
}

Error refuse_no_currency(Platform platform) {
  const std::string_view column = platform == Platform::google   ? "'Currency code'"
                                  : platform == Platform::plain ? "of the currency"
                                                                 : "'Currency'";
  return fail(ErrorCode::invalid,
              fmt::format("does not say its currency. Add the column {} to the report and export it "
                          "again, or pass --currency USD (or what it is)",
                          column));
}

Error refuse_numbers(Platform platform, const Error& why) {
  return fail(ErrorCode::invalid,
              fmt::format("{}. Pass --decimal point or --decimal comma, or: {}", why.message,
                          steps_for_english(platform)));
}

Error refuse_dates(Platform platform, const Error& why) {
  return fail(ErrorCode::invalid, fmt::format("{}. Pass --date-order dmy or --date-order mdy, or: {}",
                                              why.message, steps_for_english(platform)));
}

Error refuse_headers_only(std::string_view line) {
  return fail(ErrorCode::invalid,
              fmt::format("has headers only (line {}) and no rows. Choose a range of days in which "
                          "something ran, and export it again",
                          line));
}

Error refuse_broken_ids(std::string_view column, std::string_view value, std::string_view line) {
  return fail(ErrorCode::invalid,
              fmt::format("'{}' has '{}' (line {}): a spreadsheet rounded the ids away. Export again "
                          "and import that file without saving it from a spreadsheet",
                          column, value, line));
}

}  // namespace rf::imports
