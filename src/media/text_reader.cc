#include "media/text_reader.h"

#include <utility>

#include <fmt/format.h>
#include <tesseract/baseapi.h>

// Of GNU's OpenMP runtime, which Tesseract is linked with; its header is not in every compiler's
// path.
extern "C" void omp_set_max_active_levels(int levels);

namespace rf::media {
namespace {

constexpr const char* kLanguage = "eng";
// Tesseract asks for it where a picture does not say; it only scales font sizes that we do not use.
constexpr int kDotsPerInch = 70;

// Words parted by single spaces, without what Tesseract puts around them.
std::string tidied(std::string_view raw) {
  std::string text;
  bool gap = false;
  for (const char each : raw) {
    const bool blank = each == ' ' || each == '\n' || each == '\r' || each == '\t' || each == '\f';
    if (blank) {
      gap = !text.empty();
      continue;
    }
    if (gap) text.push_back(' ');
    gap = false;
    text.push_back(each);
  }
  return text;
}

class Tesseract final : public TextReader {
 public:
  std::string_view name() const override { return name_; }

  Result<ReadLine> read(const Frame& line) override {
    RF_CHECK(line.pixels == Pixels::grey && line.width > 0 && line.height > 0);
    RF_TRY(load());
    api_->SetImage(line.data.data(), line.width, line.height, 1, line.width);
    api_->SetSourceResolution(kDotsPerInch);
    const std::unique_ptr<char[]> raw(api_->GetUTF8Text());
    if (!raw) return ReadLine{};
    ReadLine found{tidied(raw.get()), 0};
    if (!found.text.empty()) found.confidence = api_->MeanTextConf() / 100.0;
    api_->Clear();
    return found;
  }

 private:
  Status load() {
    if (api_) return {};
    // Tesseract opens four threads for each line, which then wait for each other: 110 ms of
    // processor time instead of 10 for the same words. With no level of parallelism it stays on
    // this one.
    omp_set_max_active_levels(0);
    auto api = std::make_unique<tesseract::TessBaseAPI>();
    if (api->Init(nullptr, kLanguage, tesseract::OEM_LSTM_ONLY) != 0)
      return fail(ErrorCode::unavailable,
                  fmt::format("tesseract has no model of language '{}'; install tesseract-ocr-{}",
                              kLanguage, kLanguage));
    api->SetVariable("debug_file", "/dev/null");  // It warns about small pictures on stderr.
    api->SetVariable("tessedit_do_invert", "0");  // Letters come black on white.
    api->SetPageSegMode(tesseract::PSM_SINGLE_LINE);
    api_ = std::move(api);
    return {};
  }

  std::string name_ = fmt::format("tesseract {} {}", tesseract::TessBaseAPI::Version(), kLanguage);
  std::unique_ptr<tesseract::TessBaseAPI> api_;
};

}  // namespace

std::unique_ptr<TextReader> tesseract_reader() { return std::make_unique<Tesseract>(); }

}  // namespace rf::media
