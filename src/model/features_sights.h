// What is in the picture: faces, objects, words, colours, and how well it can be seen.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/described.h"

namespace rf {

// Fractions of the picture, from its upper left corner.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;

  double area() const { return width * height; }
  bool operator==(const Box&) const = default;
};

struct Point {
  double x = 0;
  double y = 0;

  bool operator==(const Point&) const = default;
};

struct Face {
  Box box;
  double confidence = 0;
  std::int64_t track = -1;       // The same number is the same face; -1 before tracking.
  std::vector<Point> landmarks;  // Right eye, left eye, nose, right and left mouth corner; or none.

  bool operator==(const Face&) const = default;
};

struct FaceSample {
  double t_s = 0;
  std::vector<Face> faces;

  bool operator==(const FaceSample&) const = default;
};

struct FaceMoment {
  double t_s = 0;
  double score = 0;  // [0, 1]
  std::int64_t faces = 0;
  std::string recommendation;

  bool operator==(const FaceMoment&) const = default;
};

struct Faces {
  std::string detector;  // Model and its file's fingerprint.
  double presence = 0;   // Share of samples with a face.
  double mean_count = 0;
  double mean_coverage = 0;
  std::int64_t tracks = 0;
  std::vector<FaceMoment> best;
  std::vector<FaceSample> samples;

  bool operator==(const Faces&) const = default;
};

struct ObjectSighting {
  std::string name;      // COCO class.
  std::string category;  // In the words of ads.
  double confidence = 0;
  Box box;

  bool operator==(const ObjectSighting&) const = default;
};

struct ObjectSample {
  double t_s = 0;
  std::vector<ObjectSighting> objects;

  bool operator==(const ObjectSample&) const = default;
};

struct ProductVisibility {
  double presence = 0;  // Share of samples with a product.
  std::optional<double> first_s;
  double mean_area = 0;
  std::string recommendation;

  bool operator==(const ProductVisibility&) const = default;
};

struct Objects {
  std::string detector;                        // Empty: no model was given, nothing was looked for.
  std::map<std::string, std::int64_t> counts;  // Detections by class.
  std::map<std::string, std::int64_t> categories;
  std::vector<std::string> most_common;
  std::string scene;
  ProductVisibility product_visibility;
  std::vector<std::string> safety_flags;
  std::vector<ObjectSample> samples;

  bool operator==(const Objects&) const = default;
};

// Words that stand in the picture for a while.
struct TextSighting {
  double start_s = 0;
  double end_s = 0;
  std::string text;
  double confidence = 0;
  Box box;
  bool in_safe_zone = true;

  bool operator==(const TextSighting&) const = default;
};

struct Colour {
  std::string hex;  // "#a0b1c2"
  double share = 0;

  bool operator==(const Colour&) const = default;
};

// How the film looks as a whole.
struct Look {
  std::vector<Colour> palette;  // By share.
  double brightness = 0;        // [0, 1]
  double contrast = 0;
  double saturation = 0;
  double warmth = 0;     // [-1, 1], cold to warm.
  double sharpness = 0;  // Variance of the Laplacian at the sampled size, log scale.
  double blurred_share = 0;
  double dark_share = 0;
  double overexposed_share = 0;
  double letterbox = 0;         // Share of the height that is black bars.
  double pillarbox = 0;         // Share of the width.
  double thirds = 0;            // How near the weight of the picture is to the thirds' crossings.
  double symmetry = 0;          // Left and right halves alike, [0, 1].
  double text_share = 0;        // Share of samples with text.
  double text_coverage = 0;     // Mean share of the picture that text covers.
  double words_per_second = 0;  // On screen.

  bool operator==(const Look&) const = default;
};

}  // namespace rf

template <>
struct rf::Described<rf::Box> {
  using Self = rf::Box;
  static constexpr auto fields = std::tuple{field("x", &Self::x, "left, fraction of the width"),
                                            field("y", &Self::y, "top, fraction of the height"),
                                            field("width", &Self::width, "fraction"),
                                            field("height", &Self::height, "fraction")};
};

template <>
struct rf::Described<rf::Point> {
  using Self = rf::Point;
  static constexpr auto fields = std::tuple{field("x", &Self::x, "fraction of the width"),
                                            field("y", &Self::y, "fraction of the height")};
};

template <>
struct rf::Described<rf::Face> {
  using Self = rf::Face;
  static constexpr auto fields =
      std::tuple{field("box", &Self::box, "where"),
                 field("confidence", &Self::confidence, "of the detector, 0 to 1"),
                 field("track", &Self::track, "the same number is the same face"),
                 field("landmarks", &Self::landmarks, "eyes, nose, mouth corners")};
};

template <>
struct rf::Described<rf::FaceSample> {
  using Self = rf::FaceSample;
  static constexpr auto fields =
      std::tuple{field("t_s", &Self::t_s, "when"), field("faces", &Self::faces, "what was found")};
};

template <>
struct rf::Described<rf::FaceMoment> {
  using Self = rf::FaceMoment;
  static constexpr auto fields =
      std::tuple{field("t_s", &Self::t_s, "when"), field("score", &Self::score, "0 to 1"),
                 field("faces", &Self::faces, "how many"),
                 field("recommendation", &Self::recommendation, "what it is good for")};
};

template <>
struct rf::Described<rf::Faces> {
  using Self = rf::Faces;
  static constexpr auto fields =
      std::tuple{field("detector", &Self::detector, "which model found them"),
                 field("presence", &Self::presence, "share of samples with a face"),
                 field("mean_count", &Self::mean_count, "faces a sample"),
                 field("mean_coverage", &Self::mean_coverage, "share of the picture they cover"),
                 field("tracks", &Self::tracks, "different faces"),
                 field("best", &Self::best, "the clearest moments"),
                 field("samples", &Self::samples, "every sample")};
};

template <>
struct rf::Described<rf::ObjectSighting> {
  using Self = rf::ObjectSighting;
  static constexpr auto fields =
      std::tuple{field("name", &Self::name, "COCO class"),
                 field("category", &Self::category, "in the words of ads"),
                 field("confidence", &Self::confidence, "of the detector, 0 to 1"),
                 field("box", &Self::box, "where")};
};

template <>
struct rf::Described<rf::ObjectSample> {
  using Self = rf::ObjectSample;
  static constexpr auto fields = std::tuple{field("t_s", &Self::t_s, "when"),
                                            field("objects", &Self::objects, "what was found")};
};

template <>
struct rf::Described<rf::ProductVisibility> {
  using Self = rf::ProductVisibility;
  static constexpr auto fields =
      std::tuple{field("presence", &Self::presence, "share of samples with a product"),
                 field("first_s", &Self::first_s, "when it is first seen"),
                 field("mean_area", &Self::mean_area, "share of the picture, where seen"),
                 field("recommendation", &Self::recommendation, "what to change")};
};

template <>
struct rf::Described<rf::Objects> {
  using Self = rf::Objects;
  static constexpr auto fields = std::tuple{
      field("detector", &Self::detector, "which model; empty: none was given"),
      field("counts", &Self::counts, "detections by class"),
      field("categories", &Self::categories, "detections by category"),
      field("most_common", &Self::most_common, "classes, most often first"),
      field("scene", &Self::scene, "what kind of scene it is"),
      field("product_visibility", &Self::product_visibility, "how well a product is seen"),
      field("safety_flags", &Self::safety_flags, "what a brand may not want to stand beside"),
      field("samples", &Self::samples, "every sample")};
};

template <>
struct rf::Described<rf::TextSighting> {
  using Self = rf::TextSighting;
  static constexpr auto fields = std::tuple{
      field("start_s", &Self::start_s, "first seen"),
      field("end_s", &Self::end_s, "last seen"),
      field("text", &Self::text, "the words"),
      field("confidence", &Self::confidence, "of the reader, 0 to 1"),
      field("box", &Self::box, "where"),
      field("in_safe_zone", &Self::in_safe_zone, "clear of what platforms draw over the picture")};
};

template <>
struct rf::Described<rf::Colour> {
  using Self = rf::Colour;
  static constexpr auto fields =
      std::tuple{field("hex", &Self::hex, "sRGB"), field("share", &Self::share, "of all pixels")};
};

template <>
struct rf::Described<rf::Look> {
  using Self = rf::Look;
  static constexpr auto fields = std::tuple{
      field("palette", &Self::palette, "main colours by share"),
      field("brightness", &Self::brightness, "0 to 1"),
      field("contrast", &Self::contrast, "deviation of luma, 0 to 1"),
      field("saturation", &Self::saturation, "0 to 1"),
      field("warmth", &Self::warmth, "-1 cold to 1 warm"),
      field("sharpness", &Self::sharpness, "log variance of the Laplacian"),
      field("blurred_share", &Self::blurred_share, "share of samples"),
      field("dark_share", &Self::dark_share, "share of samples"),
      field("overexposed_share", &Self::overexposed_share, "share of samples"),
      field("letterbox", &Self::letterbox, "share of the height that is bars"),
      field("pillarbox", &Self::pillarbox, "share of the width that is bars"),
      field("thirds", &Self::thirds, "weight at the crossings of thirds, 0 to 1"),
      field("symmetry", &Self::symmetry, "left and right alike, 0 to 1"),
      field("text_share", &Self::text_share, "share of samples with text"),
      field("text_coverage", &Self::text_coverage, "share of the picture that text covers"),
      field("words_per_second", &Self::words_per_second, "on screen")};
};
