#include "media/model_folder.h"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <system_error>
#include <utility>

#include "media/face_detector.h"
#include "media/object_detector.h"

namespace rf::media {
namespace {

constexpr std::size_t kEntriesMax = 10'000;  // It is a folder of models and not a disk.

std::string file_name(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

// The first of the folder's models that opens; why the others before it did not.
template <typename Detector>
Result<std::unique_ptr<Detector>> first_that_opens(
    const std::string& folder, std::string_view prefix,
    Result<std::unique_ptr<Detector>> (*open)(const std::string&),
    std::vector<std::string>& passed_over) {
  if (folder.empty()) return std::unique_ptr<Detector>();
  for (const std::string& path : RF_TRY(models_in(folder, prefix))) {
    Result<std::unique_ptr<Detector>> opened = open(path);
    if (opened) return opened;
    passed_over.push_back(file_name(path) + ": " + opened.error().message);
  }
  return std::unique_ptr<Detector>();
}

}  // namespace

Result<std::vector<std::string>> models_in(const std::string& folder, std::string_view prefix) {
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  if (error)
    return fail(ErrorCode::not_found, "models folder '" + folder + "': " + error.message());
  std::vector<std::string> paths;
  for (std::size_t seen = 0; entries != std::filesystem::directory_iterator() && seen < kEntriesMax;
       ++seen) {
    const std::filesystem::path& path = entries->path();
    if (path.filename().string().starts_with(prefix) && path.extension() == ".onnx")
      paths.push_back(path.string());
    entries.increment(error);
    if (error)
      return fail(ErrorCode::not_found, "models folder '" + folder + "': " + error.message());
  }
  std::sort(paths.begin(), paths.end(), std::greater<>());
  return paths;
}

Result<FaceDetectorChoice> choose_face_detector(const std::string& models_folder) {
  FaceDetectorChoice choice;
  choice.detector = RF_TRY(first_that_opens<FaceDetector>(models_folder, "face_detection_yunet_",
                                                          open_yunet, choice.passed_over));
  if (!choice.detector) choice.detector = RF_TRY(open_haar(std::string(kHaarPath)));
  return choice;
}

Result<ObjectDetectorChoice> choose_object_detector(const std::string& models_folder) {
  ObjectDetectorChoice choice;
  choice.detector = RF_TRY(
      first_that_opens<ObjectDetector>(models_folder, "yolo", open_yolo, choice.passed_over));
  return choice;
}

}  // namespace rf::media
