#include "video/hook_templates.h"

#include <algorithm>

namespace rf::video {
namespace {

std::string filled(std::string text, std::string_view mark, std::string_view value) {
  for (std::size_t at = text.find(mark); at != std::string::npos;
       at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

}  // namespace

const std::array<HookTemplate, 5>& hook_templates() {
  // The priors are the project's; which industry a template suits is chosen, and data decides.
  static const std::array<HookTemplate, 5> templates{
      {{.name = "direct address",
        .type = HookType::face,
        .prior = 85,
        .best_for = {"saas", "leadgen", "education", "finance", "coaching", "health"},
        .steps = {{0, 0.5, "a face close up, eyes into the camera", "Stop."},
                  {0.5, 1.5, "the same face, one step nearer", "If you know {pain}, listen."},
                  {1.5, 3, "the face beside the product, its name written", "This is {product}."}}},
       {.name = "pattern interrupt",
        .type = HookType::pattern_interrupt,
        .prior = 78,
        .best_for = {"entertainment", "gaming", "food"},
        .steps = {{0, 0.7, "something that does not belong there, in the middle of the action", ""},
                  {0.7, 1.5, "a hard cut and a pause", "Wait."},
                  {1.5, 3, "what it has to do with {pain}", "{pain}? {product}."}}},
       {.name = "motion grab",
        .type = HookType::motion,
        .prior = 82,
        .best_for = {"sports", "automotive", "travel", "app", "fashion"},
        .steps = {{0, 0.8, "fast movement towards the camera, on the first beat", ""},
                  {0.8, 1.6, "a cut on the beat to {product} in use", "{product}"},
                  {1.6, 3, "three short shots, one a beat", "No more {pain}."}}},
       {.name = "transformation",
        .type = HookType::transformation,
        .prior = 91,
        .best_for = {"fitness", "beauty", "home", "ecommerce", "cleaning"},
        .steps = {{0, 1, "before: {pain}, plainly seen", "Before"},
                  {1, 1.5, "{product} passes through the picture and wipes it away", ""},
                  {1.5, 3, "after: the same view, solved", "After {product}"}}},
       {.name = "question",
        .type = HookType::question,
        .prior = 87,
        .best_for = {"insurance", "b2b", "legal", "real_estate", "nutrition"},
        .steps = {{0, 1.2, "the question in large letters over a face", "Tired of {pain}?"},
                  {1.2, 2, "a nod, or a hand that goes up", ""},
                  {2, 3, "the answer comes into the picture", "Then you need {product}."}}}}};
  return templates;
}

const HookTemplate& best_hook_template(std::string_view industry) {
  const HookTemplate* best = nullptr;
  for (const HookTemplate& each : hook_templates()) {
    if (std::ranges::find(each.best_for, industry) == each.best_for.end()) continue;
    if (best == nullptr || each.prior > best->prior) best = &each;
  }
  if (best != nullptr) return *best;
  return *std::ranges::max_element(hook_templates(), {}, &HookTemplate::prior);
}

std::vector<HookStep> hook_script(const HookTemplate& from, std::string_view product,
                                  std::string_view pain) {
  std::vector<HookStep> steps = from.steps;
  for (HookStep& step : steps) {
    for (std::string* text : {&step.show, &step.say}) {
      // The pain point first: a product's name may hold braces of its own.
      *text = filled(filled(std::move(*text), "{pain}", pain), "{product}", product);
    }
  }
  return steps;
}

}  // namespace rf::video
