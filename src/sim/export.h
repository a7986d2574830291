// Files as the platforms' own export buttons write them.
//
// A writer says nothing that the platform would not say: no hidden truth, and where a platform
// leaves a number out or writes it in its own way, so does the file.

#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "sim/world.h"

namespace rf::sim {

enum class Layout : std::uint8_t {
  meta_csv,       // Ads Manager, by ad and day.
  tiktok_csv,     // Ads Manager, by ad and day.
  google_tsv,     // Google Ads "Excel CSV", by ad and day.
  google_tsv_de,  // The same button with a German interface, by campaign and day.
};

// The layout of the platform's English interface.
// REQUIRES: platform is not plain.
Layout layout_of(Platform platform);

// "nordlicht-coffee-uk_tiktok_2026-03-29.csv".
std::string file_name_of(const Export& file, Layout layout);

// The file's bytes.
// REQUIRES: every row's platform metrics are those of the layout's platform.
std::string export_bytes(const Export& file, Layout layout);

// Replaces what is at `path`.
// Errors: unavailable, when it cannot be written in full.
Status write_export(const Export& file, Layout layout, const std::string& path);

}  // namespace rf::sim
