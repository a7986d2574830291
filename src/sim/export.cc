#include "sim/export.h"

#include <cctype>
#include <fstream>

#include <fmt/format.h>

#include "base/check.h"
#include "sim/layouts.h"

namespace rf::sim {

Layout layout_of(Platform platform) {
  switch (platform) {
    case Platform::meta: return Layout::meta_csv;
    case Platform::tiktok: return Layout::tiktok_csv;
    case Platform::google: return Layout::google_tsv;
    case Platform::plain: break;
  }
  check_failed(__FILE__, __LINE__, "platform has an export layout");
}

std::string file_name_of(const Export& file, Layout layout) {
  std::string name;
  for (char c : file.account.name) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) {
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!name.empty() && name.back() != '-') {
      name += '-';
    }
  }
  // Google names its tab-separated UTF-16 ".csv" as well.
  return fmt::format("{}_{}{}_{}.csv", name, to_string(file.account.platform),
                     layout == Layout::google_tsv_de ? "-de" : "", to_iso(file.last));
}

std::string export_bytes(const Export& file, Layout layout) {
  switch (layout) {
    case Layout::meta_csv: return meta_csv(file);
    case Layout::tiktok_csv: return tiktok_csv(file);
    case Layout::google_tsv: return google_tsv(file);
    case Layout::google_tsv_de: return google_tsv_de(file);
  }
  check_failed(__FILE__, __LINE__, "Layout in range");
}

Status write_export(const Export& file, Layout layout, const std::string& path) {
  const std::string bytes = export_bytes(file, layout);
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    return fail(ErrorCode::unavailable,
                fmt::format("cannot write {} bytes to '{}'; check the folder and the space left",
                            bytes.size(), path));
  }
  return {};
}

Counts sum_of(const std::vector<MetricRow>& rows) {
  Counts sum;
  for (const MetricRow& row : rows) sum.add(row.counts);
  sum.clear(Metric::reach);
  return sum;
}

std::optional<double> ratio(const Counts& counts, Metric numerator, Metric denominator) {
  if (!counts.has(numerator) || counts.or_zero(denominator) == 0) return std::nullopt;
  return as_number(numerator, counts.or_zero(numerator)) /
         as_number(denominator, counts.or_zero(denominator));
}

}  // namespace rf::sim
