#include "create/phrases.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace rf::create {
namespace {

using Text = std::string_view;

namespace en {

constexpr auto kQuestion =
    std::to_array<Text>({"Still living with {pain}?", "What if {pain} was over?",
                         "Ready for {benefit}?", "Have you met {product}?", "{pain}?"});
constexpr auto kStatement =
    std::to_array<Text>({"{product} means {benefit}.", "This is {product}.",
                         "{benefit} starts here.", "Enough of {pain}.", "Meet {product}."});
constexpr auto kVisual = std::to_array<Text>(
    {"Look at this.", "Watch closely.", "Just look at {product}.", "Watch what {product} does."});
constexpr auto kStory =
    std::to_array<Text>({"For me it began with {pain}.", "Let me tell you about {product}.",
                         "Here is my story.", "One day I tried {product}."});
constexpr auto kContrast =
    std::to_array<Text>({"Before: {pain}. After: {benefit}.", "From {pain} to {benefit}.",
                         "Without {product}. With {product}.", "Before and after."});
constexpr auto kMystery =
    std::to_array<Text>({"What is the secret behind {benefit}?", "Wait until you see {product}.",
                         "Guess what this is.", "Wait for it."});

constexpr auto kCliffhanger = std::to_array<Text>(
    {"What happens next? Stay tuned.", "Part two is coming soon.", "To be continued."});
constexpr auto kResolve = std::to_array<Text>({"{product}: {benefit}.", "That is {product}.",
                                               "And that is all it takes to say.", "That is it."});
constexpr auto kCta =
    std::to_array<Text>({"{cta}.", "{product}. {cta}.", "Your turn: {cta}.", "Ready? {cta}."});
constexpr auto kLoop =
    std::to_array<Text>({"And it all begins again.", "Now watch it once more.", "Once more?"});

constexpr auto kPain = std::to_array<Text>(
    {"You know it well: {pain}.", "{pain}, and again tomorrow.", "Nobody asked for {pain}.",
     "It is the same every time.", "Sounds familiar?", "You know the feeling."});
constexpr auto kAgitation = std::to_array<Text>(
    {"And waiting does not make it better.", "How long do you want to put up with {pain}?",
     "Another week goes by, and {pain} stays.", "It costs you more than you think.",
     "Enough is enough."});
constexpr auto kSolution = std::to_array<Text>(
    {"That is what {product} is for: {benefit}.", "{product} was made for {benefit}.",
     "Here comes {product}.", "With {product} it is about {benefit}.",
     "This is where {product} comes in.", "Now there is {product}."});
constexpr auto kDetail = std::to_array<Text>(
    {"Take a closer look at {product}.", "Made for {audience}.",
     "If you are one of the {audience}, this is for you.",
     "See for yourself what {product} is about.", "Think of your own day for a moment.",
     "Think of what {benefit} would mean to you.", "Ask yourself what you would do with it.",
     "Imagine it in your own hands.", "Imagine the same day, this time with {product}.",
     "You decide how you want to use it.", "You can see here what it looks like.",
     "Here is {product} from up close.", "This is what we want to show you today.",
     "Look at it from the other side too.", "There is one thing to remember: {benefit}.",
     "It is worth a second look.", "Pause here if you want to see more.",
     "Good to know before you choose."});
constexpr auto kProof =
    std::to_array<Text>({"{proof}: see what they say.", "{proof}.", "Ask them: {proof}.",
                         "Do not take our word for it.", "Make up your own mind."});
constexpr auto kUrgency = std::to_array<Text>(
    {"Today is a good day to begin.", "Why wait any longer?", "There is no better time than now.",
     "Do it now, while you think of it.", "Start today."});
constexpr auto kHeadlines = std::to_array<Text>(
    {"{product}: {benefit}", "Meet {product}", "{benefit}, with {product}", "Goodbye, {pain}",
     "For {audience}", "{pain}? {product}.", "{proof} know {product}", "Why {product}?",
     "This is {product}", "{product} for {audience}", "All about {product}",
     "{benefit} starts here", "See {product} for yourself", "{product}, from up close"});
constexpr auto kCalls = std::to_array<Text>(
    {"Learn more", "Shop now", "Get yours", "See how it works", "Try {product}", "Order now",
     "Find out more", "Get started", "Take a look", "Discover {product}", "Start today",
     "Get {product} now", "See it for yourself", "Visit our shop"});
constexpr auto kFillers =
    std::to_array<Text>({"Look.", "Really.", "See?", "Look here.", "Like this.", "Right now.",
                         "Have a look.", "Think about it.", "Here it is."});

}  // namespace en

namespace de {

constexpr auto kQuestion =
    std::to_array<Text>({"Immer noch {pain}?", "Was wäre ohne {pain}?", "Bereit für {benefit}?",
                         "Kennst du schon {product}?", "{pain}?"});
constexpr auto kStatement =
    std::to_array<Text>({"{product} heißt: {benefit}.", "Das ist {product}.",
                         "{benefit} beginnt hier.", "Schluss mit: {pain}.", "Hier ist {product}."});
constexpr auto kVisual =
    std::to_array<Text>({"Schau dir das an.", "Sieh genau hin.", "Schau dir {product} an.",
                         "Sieh, was {product} macht."});
constexpr auto kStory =
    std::to_array<Text>({"Bei mir fing es so an: {pain}.", "Ich erzähle dir von {product}.",
                         "Das ist meine Geschichte.", "Eines Tages kam {product}."});
constexpr auto kContrast =
    std::to_array<Text>({"Vorher: {pain}. Nachher: {benefit}.", "Erst {pain}, dann {benefit}.",
                         "Ohne {product}. Mit {product}.", "Vorher und nachher."});
constexpr auto kMystery =
    std::to_array<Text>({"Was ist das Geheimnis? {benefit}.", "Warte, bis du {product} siehst.",
                         "Rate, was das ist.", "Warte es ab."});

constexpr auto kCliffhanger = std::to_array<Text>(
    {"Wie es weitergeht? Bleib dran.", "Teil zwei kommt bald.", "Fortsetzung folgt."});
constexpr auto kResolve = std::to_array<Text>({"{product}: {benefit}.", "Das ist {product}.",
                                               "Mehr gibt es dazu nicht zu sagen.", "Das war es."});
constexpr auto kCta =
    std::to_array<Text>({"{cta}.", "{product}. {cta}.", "Jetzt du: {cta}.", "Bereit? {cta}."});
constexpr auto kLoop = std::to_array<Text>(
    {"Und alles beginnt von vorn.", "Jetzt noch einmal von vorn.", "Noch einmal?"});

constexpr auto kPain = std::to_array<Text>(
    {"Du kennst das gut: {pain}.", "{pain}, und morgen wieder.", "Niemand will das: {pain}.",
     "Es ist jedes Mal dasselbe.", "Kommt dir bekannt vor?", "Du kennst das Gefühl."});
constexpr auto kAgitation = std::to_array<Text>(
    {"Und vom Warten wird es nicht besser.", "Wie lange willst du das noch: {pain}?",
     "Noch eine Woche vergeht, und es bleibt dabei.", "Es kostet dich mehr, als du denkst.",
     "Genug ist genug."});
constexpr auto kSolution = std::to_array<Text>(
    {"Dafür gibt es {product}: {benefit}.", "Mit {product} geht es um {benefit}.",
     "Hier kommt {product}.", "Gemacht für {benefit}: {product}.",
     "Genau hier hilft ein Blick auf {product}.", "Jetzt gibt es {product}."});
constexpr auto kDetail = std::to_array<Text>(
    {"Schau dir {product} aus der Nähe an.", "Gemacht für {audience}.",
     "Für alle, die dazugehören: {audience}.", "Sieh selbst, worum es bei {product} geht.",
     "Denk einmal kurz an deinen eigenen Tag.", "Überleg, was das für dich heißt: {benefit}.",
     "Frag dich, was du damit machen würdest.", "Stell es dir in deinen Händen vor.",
     "Stell dir denselben Tag vor, nur mit {product}.", "Du entscheidest, wie du es nutzen willst.",
     "Hier siehst du, wie es aussieht.", "Das ist {product}, ganz aus der Nähe.",
     "Das wollen wir dir heute zeigen.", "Schau es dir auch von der anderen Seite an.",
     "Eines solltest du dir merken: {benefit}.", "Ein zweiter Blick lohnt sich.",
     "Halte hier an, wenn du mehr sehen willst.", "Gut zu wissen, bevor du dich entscheidest."});
constexpr auto kProof =
    std::to_array<Text>({"{proof}: hör, was sie sagen.", "{proof}.", "Frag sie selbst: {proof}.",
                         "Glaub es nicht einfach uns.", "Mach dir selbst ein Bild."});
constexpr auto kUrgency =
    std::to_array<Text>({"Heute ist ein guter Tag für den Anfang.", "Warum noch länger warten?",
                         "Einen besseren Moment als jetzt gibt es nicht.",
                         "Mach es jetzt, solange du daran denkst.", "Fang heute an."});
constexpr auto kHeadlines = std::to_array<Text>(
    {"{product}: {benefit}", "Das ist {product}", "{benefit} mit {product}", "Schluss mit {pain}",
     "Für {audience}", "{pain}? {product}.", "{proof} kennen {product}", "Warum {product}?",
     "Hier ist {product}", "{product} für {audience}", "Alles über {product}",
     "{benefit} beginnt hier", "Sieh dir {product} an", "{product}, aus der Nähe"});
constexpr auto kCalls = std::to_array<Text>(
    {"Mehr erfahren", "Jetzt kaufen", "Jetzt holen", "So funktioniert es", "{product} ausprobieren",
     "Jetzt bestellen", "Mehr dazu", "Jetzt loslegen", "Ansehen", "{product} entdecken",
     "Heute anfangen", "{product} holen", "Selbst ansehen", "Zum Shop"});
constexpr auto kFillers =
    std::to_array<Text>({"Schau.", "Wirklich.", "Siehst du?", "Schau hier.", "Genau so.",
                         "Jetzt gleich.", "Sieh es an.", "Denk darüber nach.", "Hier ist es."});

}  // namespace de

constexpr auto kTables =
    std::to_array<Phrases>({{.language = "en",
                             .hooks = {en::kQuestion, en::kStatement, en::kVisual, en::kStory,
                                       en::kContrast, en::kMystery},
                             .endings = {en::kCliffhanger, en::kResolve, en::kCta, en::kLoop},
                             .by_role = {Sentences(), en::kPain, en::kAgitation, en::kSolution,
                                         en::kDetail, en::kProof, en::kUrgency, Sentences()},
                             .headlines = en::kHeadlines,
                             .calls = en::kCalls,
                             .fillers = en::kFillers,
                             .shop = "Learn more"},
                            {.language = "de",
                             .hooks = {de::kQuestion, de::kStatement, de::kVisual, de::kStory,
                                       de::kContrast, de::kMystery},
                             .endings = {de::kCliffhanger, de::kResolve, de::kCta, de::kLoop},
                             .by_role = {Sentences(), de::kPain, de::kAgitation, de::kSolution,
                                         de::kDetail, de::kProof, de::kUrgency, Sentences()},
                             .headlines = de::kHeadlines,
                             .calls = de::kCalls,
                             .fillers = de::kFillers,
                             .shop = "Mehr erfahren"}});

}  // namespace

const Phrases* phrases_in(std::string_view language) {
  const auto* at = std::ranges::find(kTables, language, &Phrases::language);
  return at == kTables.end() ? nullptr : at;
}

std::optional<std::string> filled(std::string_view sentence, const Concept& from,
                                  std::string_view call) {
  const std::array<std::pair<std::string_view, std::string_view>, 6> slots{
      {{"{product}", from.product},
       {"{benefit}", from.key_benefit},
       {"{pain}", from.pain_point},
       {"{proof}", from.social_proof},
       {"{audience}", from.target_audience},
       {"{cta}", call}}};
  std::string out;
  // A sentence begins with a capital letter, but a name is written as its owner writes it.
  const bool names_first = sentence.starts_with("{product}");
  while (!sentence.empty()) {
    const std::size_t at = std::min(sentence.find('{'), sentence.size());
    out += sentence.substr(0, at);
    sentence.remove_prefix(at);
    if (sentence.empty()) break;
    const auto* slot = std::ranges::find_if(
        slots, [&](const auto& each) { return sentence.starts_with(each.first); });
    RF_CHECK(slot != slots.end());
    if (slot->second.empty()) return std::nullopt;
    out += slot->second;
    sentence.remove_prefix(slot->first.size());
  }
  if (!names_first && !out.empty() && out[0] >= 'a' && out[0] <= 'z')
    out[0] = static_cast<char>(out[0] - 'a' + 'A');
  return out;
}

}  // namespace rf::create
