#include "video/cta_templates.h"

#include <algorithm>
#include <cmath>

#include "video/seen.h"

namespace rf::video {
namespace {

using enum CtaType;

// Ads ask in few words, and in few different ones. Collected from what advertisers' platforms offer
// as button labels and from everyday ads; folded: lower case, without accents.
constexpr auto kPhrases = std::to_array<CtaPhrase>({
    {"shop now", "en", shop_now},
    {"shop the sale", "en", shop_now},
    {"shop today", "en", shop_now},
    {"shop online", "en", shop_now},
    {"buy now", "en", shop_now},
    {"buy it now", "en", shop_now},
    {"buy today", "en", shop_now},
    {"order now", "en", shop_now},
    {"order yours", "en", shop_now},
    {"order today", "en", shop_now},
    {"order online", "en", shop_now},
    {"get yours", "en", shop_now},
    {"get it now", "en", shop_now},
    {"get offer", "en", shop_now},
    {"claim offer", "en", shop_now},
    {"claim your", "en", shop_now},
    {"grab yours", "en", shop_now},
    {"add to cart", "en", shop_now},
    {"add to bag", "en", shop_now},
    {"save now", "en", shop_now},
    {"pre order", "en", shop_now},
    {"use code", "en", shop_now},
    {"available now", "en", shop_now},
    {"in stores now", "en", shop_now},
    {"book now", "en", shop_now},
    {"book today", "en", shop_now},
    {"book your", "en", shop_now},
    {"reserve now", "en", shop_now},
    {"learn more", "en", learn_more},
    {"find out more", "en", learn_more},
    {"see more", "en", learn_more},
    {"read more", "en", learn_more},
    {"discover more", "en", learn_more},
    {"watch more", "en", learn_more},
    {"see how", "en", learn_more},
    {"visit us", "en", learn_more},
    {"visit our", "en", learn_more},
    {"visit www", "en", learn_more},
    {"get started", "en", sign_up},
    {"start now", "en", sign_up},
    {"start today", "en", sign_up},
    {"start free", "en", sign_up},
    {"start your free trial", "en", sign_up},
    {"start free trial", "en", sign_up},
    {"free trial", "en", sign_up},
    {"try now", "en", sign_up},
    {"try it now", "en", sign_up},
    {"try it free", "en", sign_up},
    {"try for free", "en", sign_up},
    {"try it today", "en", sign_up},
    {"sign up", "en", sign_up},
    {"sign up now", "en", sign_up},
    {"join now", "en", sign_up},
    {"join today", "en", sign_up},
    {"join us", "en", sign_up},
    {"join free", "en", sign_up},
    {"subscribe", "en", sign_up},
    {"register now", "en", sign_up},
    {"apply now", "en", sign_up},
    {"enroll now", "en", sign_up},
    {"get quote", "en", sign_up},
    {"get a quote", "en", sign_up},
    {"get your free", "en", sign_up},
    {"book a demo", "en", sign_up},
    {"request a demo", "en", sign_up},
    {"donate now", "en", button},
    {"download", "en", download},
    {"download now", "en", download},
    {"download free", "en", download},
    {"download the app", "en", download},
    {"get the app", "en", download},
    {"install now", "en", download},
    {"install free", "en", download},
    {"play now", "en", download},
    {"play for free", "en", download},
    {"use app", "en", download},
    {"google play", "en", download},
    {"app store", "en", download},
    {"call now", "en", call_now},
    {"call us", "en", call_now},
    {"call today", "en", call_now},
    {"contact us", "en", call_now},
    {"message us", "en", call_now},
    {"send message", "en", call_now},
    {"text us", "en", call_now},
    {"swipe up", "en", swipe_up},
    {"link in bio", "en", link_bio},
    {"click the link", "en", link_bio},
    {"click below", "en", link_bio},
    {"tap below", "en", link_bio},
    {"tap the link", "en", link_bio},
    {"click here", "en", button},
    {"tap here", "en", button},
    {"tap to", "en", button},
    {"last chance", "en", countdown},
    {"ends tonight", "en", countdown},
    {"jetzt kaufen", "de", shop_now},
    {"jetzt bestellen", "de", shop_now},
    {"jetzt shoppen", "de", shop_now},
    {"jetzt sichern", "de", shop_now},
    {"jetzt zugreifen", "de", shop_now},
    {"jetzt buchen", "de", shop_now},
    {"jetzt einkaufen", "de", shop_now},
    {"in den warenkorb", "de", shop_now},
    {"angebot sichern", "de", shop_now},
    {"mehr erfahren", "de", learn_more},
    {"mehr dazu", "de", learn_more},
    {"mehr ansehen", "de", learn_more},
    {"jetzt entdecken", "de", learn_more},
    {"jetzt informieren", "de", learn_more},
    {"jetzt ansehen", "de", learn_more},
    {"jetzt testen", "de", sign_up},
    {"jetzt starten", "de", sign_up},
    {"kostenlos testen", "de", sign_up},
    {"gratis testen", "de", sign_up},
    {"jetzt anmelden", "de", sign_up},
    {"jetzt registrieren", "de", sign_up},
    {"jetzt bewerben", "de", sign_up},
    {"jetzt spenden", "de", button},
    {"herunterladen", "de", download},
    {"jetzt herunterladen", "de", download},
    {"jetzt downloaden", "de", download},
    {"jetzt installieren", "de", download},
    {"jetzt spielen", "de", download},
    {"jetzt anrufen", "de", call_now},
    {"ruf uns an", "de", call_now},
    {"rufen sie an", "de", call_now},
    {"nach oben wischen", "de", swipe_up},
    {"link in der bio", "de", link_bio},
    {"hier klicken", "de", button},
    {"nur noch heute", "de", countdown},
    {"compra ahora", "es", shop_now},
    {"comprar ahora", "es", shop_now},
    {"compra ya", "es", shop_now},
    {"pide ahora", "es", shop_now},
    {"pidelo ya", "es", shop_now},
    {"pidelo ahora", "es", shop_now},
    {"reserva ahora", "es", shop_now},
    {"consiguelo", "es", shop_now},
    {"anadir al carrito", "es", shop_now},
    {"mas informacion", "es", learn_more},
    {"descubre mas", "es", learn_more},
    {"conoce mas", "es", learn_more},
    {"ver mas", "es", learn_more},
    {"saber mas", "es", learn_more},
    {"registrate", "es", sign_up},
    {"suscribete", "es", sign_up},
    {"empieza ya", "es", sign_up},
    {"empieza gratis", "es", sign_up},
    {"prueba gratis", "es", sign_up},
    {"pruebalo gratis", "es", sign_up},
    {"descarga", "es", download},
    {"descargar", "es", download},
    {"descarga ya", "es", download},
    {"descargala ya", "es", download},
    {"juega ahora", "es", download},
    {"llama ahora", "es", call_now},
    {"llama ya", "es", call_now},
    {"contactanos", "es", call_now},
    {"desliza hacia arriba", "es", swipe_up},
    {"enlace en la bio", "es", link_bio},
    {"haz clic", "es", button},
    {"ultimas horas", "es", countdown},
    {"acheter maintenant", "fr", shop_now},
    {"achetez maintenant", "fr", shop_now},
    {"achetez", "fr", shop_now},
    {"acheter", "fr", shop_now},
    {"commandez", "fr", shop_now},
    {"commander", "fr", shop_now},
    {"j en profite", "fr", shop_now},
    {"profitez en", "fr", shop_now},
    {"reservez", "fr", shop_now},
    {"ajouter au panier", "fr", shop_now},
    {"en savoir plus", "fr", learn_more},
    {"decouvrez", "fr", learn_more},
    {"decouvrir", "fr", learn_more},
    {"voir plus", "fr", learn_more},
    {"inscrivez vous", "fr", sign_up},
    {"s inscrire", "fr", sign_up},
    {"abonnez vous", "fr", sign_up},
    {"essayez gratuitement", "fr", sign_up},
    {"essai gratuit", "fr", sign_up},
    {"commencez", "fr", sign_up},
    {"telecharger", "fr", download},
    {"telechargez", "fr", download},
    {"jouer maintenant", "fr", download},
    {"appelez", "fr", call_now},
    {"contactez nous", "fr", call_now},
    {"lien en bio", "fr", link_bio},
    {"cliquez", "fr", button},
    {"compre agora", "pt", shop_now},
    {"comprar agora", "pt", shop_now},
    {"compre ja", "pt", shop_now},
    {"peca ja", "pt", shop_now},
    {"peca agora", "pt", shop_now},
    {"garanta o seu", "pt", shop_now},
    {"garanta ja", "pt", shop_now},
    {"aproveite", "pt", shop_now},
    {"reserve agora", "pt", shop_now},
    {"saiba mais", "pt", learn_more},
    {"ver mais", "pt", learn_more},
    {"descubra", "pt", learn_more},
    {"cadastre se", "pt", sign_up},
    {"inscreva se", "pt", sign_up},
    {"assine", "pt", sign_up},
    {"teste gratis", "pt", sign_up},
    {"experimente gratis", "pt", sign_up},
    {"comece agora", "pt", sign_up},
    {"baixe", "pt", download},
    {"baixe agora", "pt", download},
    {"baixar", "pt", download},
    {"jogue agora", "pt", download},
    {"ligue ja", "pt", call_now},
    {"ligue agora", "pt", call_now},
    {"fale conosco", "pt", call_now},
    {"arraste para cima", "pt", swipe_up},
    {"link na bio", "pt", link_bio},
    {"clique aqui", "pt", button},
    {"acquista ora", "it", shop_now},
    {"compra ora", "it", shop_now},
    {"ordina ora", "it", shop_now},
    {"prenota ora", "it", shop_now},
    {"scopri di piu", "it", learn_more},
    {"scopri", "it", learn_more},
    {"iscriviti", "it", sign_up},
    {"registrati", "it", sign_up},
    {"provalo gratis", "it", sign_up},
    {"prova gratis", "it", sign_up},
    {"inizia ora", "it", sign_up},
    {"scarica", "it", download},
    {"scarica ora", "it", download},
    {"gioca ora", "it", download},
    {"chiama ora", "it", call_now},
    {"contattaci", "it", call_now},
    {"clicca qui", "it", button},
    {"koop nu", "nl", shop_now},
    {"shop nu", "nl", shop_now},
    {"bestel nu", "nl", shop_now},
    {"boek nu", "nl", shop_now},
    {"meer informatie", "nl", learn_more},
    {"lees meer", "nl", learn_more},
    {"ontdek", "nl", learn_more},
    {"meld je aan", "nl", sign_up},
    {"schrijf je in", "nl", sign_up},
    {"probeer gratis", "nl", sign_up},
    {"download nu", "nl", download},
    {"bel nu", "nl", call_now},
    {"klik hier", "nl", button},
    {"kup teraz", "pl", shop_now},
    {"zamow teraz", "pl", shop_now},
    {"dowiedz sie wiecej", "pl", learn_more},
    {"zarejestruj sie", "pl", sign_up},
    {"wyprobuj za darmo", "pl", sign_up},
    {"pobierz", "pl", download},
    {"zadzwon", "pl", call_now},
    {"hemen al", "tr", shop_now},
    {"simdi al", "tr", shop_now},
    {"daha fazla bilgi", "tr", learn_more},
    {"kaydol", "tr", sign_up},
    {"ucretsiz dene", "tr", sign_up},
    {"hemen indir", "tr", download},
    {"indir", "tr", download},
    {"kop nu", "sv", shop_now},
    {"las mer", "sv", learn_more},
    {"prova gratis", "sv", sign_up},
    {"ladda ner", "sv", download},
    {"купить", "ru", shop_now},
    {"купи сейчас", "ru", shop_now},
    {"заказать", "ru", shop_now},
    {"закажи", "ru", shop_now},
    {"подробнее", "ru", learn_more},
    {"узнать больше", "ru", learn_more},
    {"зарегистрируйся", "ru", sign_up},
    {"попробуй бесплатно", "ru", sign_up},
    {"скачать", "ru", download},
    {"скачай", "ru", download},
    {"звоните", "ru", call_now},
});

struct IndustryCta {
  std::string_view industry;
  CtaConfig config;
};

constexpr std::string_view kRed = "#e53935";
constexpr std::string_view kGreen = "#43a047";
constexpr std::string_view kBlue = "#1e88e5";

// The project's table: seconds, colour and words by industry.
const std::array<IndustryCta, 4>& industry_ctas() {
  static const std::array<IndustryCta, 4> table{
      {{"ecommerce",
        {shop_now, "Shop Now", CtaPosition::end, 4, "Limited Stock", std::string(kRed), "pulse"}},
       {"saas",
        {sign_up, "Start Free Trial", CtaPosition::end, 5, "Free for 14 days", std::string(kGreen),
         "fade"}},
       {"leadgen",
        {learn_more, "Get Your Free Guide", CtaPosition::mid_end, 4, "", std::string(kBlue),
         "slide"}},
       {"app",
        {download, "Download Free", CtaPosition::early_end, 4, "4.9 of 5 stars",
         std::string(kGreen), "pulse"}}}};
  return table;
}

struct Wordings {
  CtaType type;
  std::vector<std::string> texts;
};

const std::vector<Wordings>& wordings() {
  static const std::vector<Wordings> all{
      {shop_now,
       {"Shop Now", "Get Yours Today", "Order Now", "Buy It Now", "Grab Yours", "Claim Offer",
        "Shop the Sale", "Add to Cart"}},
      {sign_up,
       {"Start Free Trial", "Try It Free", "Get Started", "Join Now", "Sign Up", "Start Today",
        "See It Work", "Book a Demo"}},
      {learn_more,
       {"Learn More", "See How It Works", "Find Out More", "Discover Why", "Get the Guide",
        "Watch the Story", "Read More", "See the Proof"}},
      {download,
       {"Download Free", "Get the App", "Install Now", "Play Now", "Try the App", "Download Now",
        "Start Playing", "Get It Free"}},
      {call_now,
       {"Call Now", "Talk to Us", "Message Us", "Get a Quote", "Ask an Expert", "Call Today",
        "Book a Call", "Text Us"}},
      {button,
       {"Tap Here", "Go", "Yes, Show Me", "Start", "Continue", "I Want This", "Let's Go",
        "Show Me"}}};
  return all;
}

const std::vector<std::string>& wordings_of(CtaType type) {
  auto found = std::ranges::find(wordings(), type, &Wordings::type);
  return found == wordings().end() ? wordings().back().texts : found->texts;
}

}  // namespace

const CtaConfig& cta_for_industry(std::string_view industry) {
  const auto& table = industry_ctas();
  const auto* found = std::ranges::find(table, industry, &IndustryCta::industry);
  return found == table.end() ? table.front().config : found->config;
}

CtaConfig cta_for_goal(std::string_view goal) {
  if (goal == "leads") return cta_for_industry("leadgen");
  if (goal == "trials") return cta_for_industry("saas");
  if (goal == "installs") return cta_for_industry("app");
  CtaConfig config = cta_for_industry("ecommerce");
  auto ask = [&](CtaType type, std::string text, std::string_view color) {
    config.type = type;
    config.text = std::move(text);
    config.color = color;
    config.urgency.clear();
  };
  if (goal == "traffic") ask(learn_more, "Learn More", kBlue);
  if (goal == "calls") ask(call_now, "Call Now", kGreen);
  if (goal == "followers") ask(link_bio, "Follow for More", kBlue);
  return config;
}

std::vector<std::pair<double, double>> cta_spans(CtaPosition position, double duration_s,
                                                 double cta_s) {
  RF_CHECK(duration_s > 0);
  const double length = std::min(cta_s, duration_s);
  const std::pair<double, double> last{duration_s - length, duration_s};
  auto at = [&](double share) {
    const double start = std::min(share * duration_s, duration_s - length);
    return std::pair<double, double>{start, start + length};
  };
  switch (position) {
    case CtaPosition::end: return {last};
    case CtaPosition::mid_end: return {{0.70 * duration_s, 0.85 * duration_s}};
    case CtaPosition::early_end:
      if (0.5 * duration_s + length > last.first) return {last};
      return {at(0.5), last};
    case CtaPosition::repeated:
      if (duration_s < 4 * length) return {last};
      return {at(1.0 / 3), at(2.0 / 3 - length / 2 / duration_s), last};
  }
  return {last};
}

std::vector<CtaStep> cta_sequence(double duration_s, std::string_view industry) {
  RF_CHECK(duration_s > 0);
  const CtaConfig& config = cta_for_industry(industry);
  // In a short film the call gives way: at most a third of it.
  const double cta_s = std::min(config.duration_s, duration_s / 3);
  const double hook_s = std::min(3.0, duration_s / 4);
  const double urgency_s = config.urgency.empty() ? 0 : std::min(3.0, duration_s / 8);
  const double proof_s = duration_s >= 15 ? std::min(5.0, duration_s / 6) : 0;
  const double body_s = duration_s - hook_s - proof_s - urgency_s - cta_s;
  std::vector<CtaStep> steps;
  double at = 0;
  auto add = [&](double length, std::string kind, std::string content) {
    if (length <= 0) return;
    steps.push_back({at, at + length, std::move(kind), std::move(content)});
    at += length;
  };
  add(hook_s, "hook", "the promise or the question, with a face or movement");
  add(body_s, "body", "the product in use, one advantage a shot");
  add(proof_s, "proof", "somebody who has it says what changed");
  add(urgency_s, "urgency", config.urgency);
  add(cta_s, "cta", config.text);
  steps.back().end_s = duration_s;
  return steps;
}

std::vector<std::string> cta_variations(std::string_view text, std::size_t n) {
  const CtaPhrase* phrase = find_cta_phrase(text);
  std::vector<std::string> all;
  auto add = [&](const std::string& each) {
    const std::string plain = folded(each);
    const bool known = plain == folded(text) || std::ranges::any_of(all, [&](const auto& other) {
                         return folded(other) == plain;
                       });
    if (!known && all.size() < n) all.push_back(each);
  };
  const CtaType type = phrase == nullptr ? button : phrase->type;
  for (const std::string& each : wordings_of(type)) add(each);
  // The same words with a nudge, once other words are used up.
  for (std::string_view nudge : {" – Today Only", " – Free Shipping", " – Limited Stock",
                                 " – Risk-Free", " →", " – Join Thousands"}) {
    add(std::string(text) + std::string(nudge));
  }
  for (const Wordings& other : wordings()) {
    for (const std::string& each : other.texts) add(each);
  }
  return all;
}

const CtaPhrase* find_cta_phrase(std::string_view text) {
  const std::string plain = folded(text);
  const CtaPhrase* best = nullptr;
  for (const CtaPhrase& phrase : kPhrases) {
    if (best != nullptr && phrase.words.size() <= best->words.size()) continue;
    if (has_words(plain, phrase.words)) best = &phrase;
  }
  return best;
}

}  // namespace rf::video
