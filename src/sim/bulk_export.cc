#include "sim/bulk_export.h"

#include <algorithm>
#include <fstream>
#include <vector>

#include <fmt/format.h>

#include "base/check.h"
#include "base/rng.h"
#include "sim/ad_names.h"
#include "sim/layouts.h"

namespace rf::sim {
namespace {

constexpr Day kFirstDay(std::chrono::sys_days(std::chrono::year(2024) / 1 / 1).time_since_epoch());
constexpr std::size_t kBufferBytes = 1U << 20U;
constexpr std::int64_t kAdsPerConcept = 8;
constexpr std::int64_t kConceptsPerCampaign = 10;

// What sets one ad apart from the next; in parts of a thousand.
struct BulkAd {
  MetricRow row;
  std::int64_t impressions_mean = 0;
  std::int64_t hook = 0;
  std::int64_t ctr = 0;  // In parts of 100,000.
  std::int64_t cvr = 0;
};

std::int64_t between(Rng& rng, std::int64_t low, std::int64_t high) {
  return low + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(high - low + 1)));
}

BulkAd make_ad(std::int64_t index, Rng rng) {
  const std::int64_t concept_index = index / kAdsPerConcept;
  const std::int64_t campaign = concept_index / kConceptsPerCampaign;
  BulkAd ad{.impressions_mean = between(rng, 50, 6000),
            .hook = between(rng, 150, 450),
            .ctr = between(rng, 300, 2500),
            .cvr = between(rng, 0, 60)};
  const auto number = static_cast<std::size_t>(concept_index);
  ad.row.entity = {
      .campaign_id = fmt::format("120210{:012}", campaign + 1),
      .campaign_name = fmt::format("Prospecting {}", campaign + 1),
      .adset_id = fmt::format("120220{:012}", concept_index + 1),
      .adset_name = concept_name(number) + " | Broad",
      .ad_id = bulk_ad_id(index),
      .ad_name = fmt::format("20240101_{}_UGC_Hook{}_15s_9x16_v{}", concept_name(number),
                             index % 6 + 1, index % kAdsPerConcept + 1)};
  ad.row.attribution = "7-day click";
  return ad;
}

// About `mean`: a tenth of quiet days with a handful of impressions, else from half to one and a
// half times. Cheap on purpose; the reader is measured, not the writer.
std::int64_t day_count(Rng& rng, std::int64_t mean) {
  if (rng.below(10) == 0) return between(rng, 1, 20);
  return between(rng, mean / 2, mean + mean / 2) + 1;
}

// `whole * parts / of`, up or down at random in proportion to the remainder, and never more than
// the whole.
std::int64_t share(Rng& rng, std::int64_t whole, std::int64_t parts, std::int64_t of) {
  return (whole * parts + static_cast<std::int64_t>(rng.below(static_cast<std::uint64_t>(of)))) /
         of;
}

void draw_counts(Counts& counts, const BulkAd& ad, Rng rng) {
  const std::int64_t impressions = day_count(rng, ad.impressions_mean);
  const std::int64_t clicks = share(rng, impressions, ad.ctr, 100'000);
  const std::int64_t plays = share(rng, impressions, 900, 1000);
  const std::int64_t hooked = share(rng, plays, ad.hook, 1000);
  const std::int64_t orders = share(rng, clicks, ad.cvr, 1000);
  counts.set(Metric::impressions, impressions);
  counts.set(Metric::spend, (impressions * between(rng, 8, 14) / 10 + 1) * 10'000);
  counts.set(Metric::reach, impressions - impressions / 8);
  counts.set(Metric::clicks_all, clicks + share(rng, impressions - clicks, 6, 1000));
  counts.set(Metric::link_clicks, clicks);
  counts.set(Metric::outbound_clicks, clicks - clicks / 25);
  counts.set(Metric::landing_page_views, share(rng, clicks, 780, 1000));
  counts.set(Metric::reactions, share(rng, impressions, 4, 1000));
  counts.set(Metric::comments, impressions / 2500);
  counts.set(Metric::shares, impressions / 2000);
  counts.set(Metric::saves, impressions / 1800);
  counts.set(Metric::video_plays, plays);
  counts.set(Metric::video_3s, hooked);
  counts.set(Metric::video_2s, hooked + (plays - hooked) * 2 / 5);
  const std::int64_t held = hooked * 3 / 10;
  counts.set(Metric::thruplays, held);
  counts.set(Metric::video_p100, held);
  counts.set(Metric::video_p95, held + (hooked - held) / 20);
  counts.set(Metric::video_p75, held + (hooked - held) / 5);
  counts.set(Metric::video_p50, held + (hooked - held) / 2);
  counts.set(Metric::video_p25, held + (hooked - held) * 4 / 5);
  counts.set(Metric::watch_time_ms, plays * 1100 + hooked * 3000 + held * 9000);
  const std::int64_t micros = orders * kMicrosPerUnit;
  counts.set(Metric::results, micros);
  counts.set(Metric::conversions, micros);
  counts.set(Metric::purchases, micros);
  const std::int64_t value = orders * between(rng, 2000, 12'000) * 10'000;
  counts.set(Metric::conversion_value, value);
  counts.set(Metric::purchase_value, value);
}

}  // namespace

std::string bulk_ad_id(std::int64_t ad) { return fmt::format("120230{:012}", ad + 1); }

double bulk_ctr(std::int64_t ad, std::uint64_t seed) {
  const BulkAd made = make_ad(ad, Rng(seed).split(static_cast<std::uint64_t>(ad)));
  return static_cast<double>(made.ctr) / 100'000;
}

Result<BulkExport> write_bulk_meta_export(const std::string& path, std::int64_t rows,
                                          std::int64_t ads, std::uint64_t seed) {
  RF_CHECK(rows >= 0 && ads > 0);
  const Currency dollar = RF_TRY(Currency::parse("USD"));
  const Rng rng(seed);
  std::vector<BulkAd> made;
  made.reserve(static_cast<std::size_t>(std::min(rows, ads)));
  for (std::int64_t i = 0; i < std::min(rows, ads); ++i) {
    made.push_back(make_ad(i, rng.split(static_cast<std::uint64_t>(i))));
  }

  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  BulkExport result{.rows = rows};
  DelimitedText out(kMetaDialect);
  const auto flush = [&] {
    const std::string bytes = out.take_bytes();
    result.bytes += static_cast<std::int64_t>(bytes.size());
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  };
  write_meta_header(out, dollar);
  for (std::int64_t i = 0; i < rows; ++i) {
    BulkAd& ad = made[static_cast<std::size_t>(i % ads)];
    ad.row.day = kFirstDay + Days(i / ads);
    draw_counts(ad.row.counts, ad, rng.split(static_cast<std::uint64_t>(ads + i)));
    result.sum.add(ad.row.counts);
    write_meta_row(out, ad.row, dollar);
    if (out.bytes().size() >= kBufferBytes) flush();
  }
  flush();
  file.close();
  if (!file) {
    return fail(ErrorCode::unavailable,
                fmt::format("cannot write {} bytes to '{}'; check the folder and the space left",
                            result.bytes, path));
  }
  result.sum.clear(Metric::reach);
  return result;
}

}  // namespace rf::sim
