#include "api/orders.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "api/moment.h"
#include "store/import/table_reader.h"

namespace rf::api {
namespace {

constexpr std::size_t kIdMax = 200;
constexpr std::size_t kEventNameMax = 40;
constexpr std::size_t kRefusalsShown = 20;
// Chosen: one commit for so many rows of a file.
constexpr std::size_t kAtOnce = 500;

std::string or_nothing(std::optional<std::string> hash) {
  return hash ? *std::move(hash) : std::string();
}

platform::Person hashed(const platform::Person& person) {
  platform::Person out = person;
  out.email = or_nothing(platform::meta_email(person.email));
  out.phone = or_nothing(platform::meta_phone(person.phone));
  out.first_name = or_nothing(platform::meta_name(person.first_name));
  out.last_name = or_nothing(platform::meta_name(person.last_name));
  out.gender = or_nothing(platform::meta_gender(person.gender));
  out.birth_date = or_nothing(platform::meta_birth_date(person.birth_date));
  out.city = or_nothing(platform::meta_place(person.city));
  out.state = or_nothing(platform::meta_place(person.state));
  out.zip = or_nothing(platform::meta_zip(person.zip));
  out.country = or_nothing(platform::meta_country(person.country));
  out.external_id = or_nothing(platform::hashed_id(person.external_id));
  return out;
}

enum class Column : std::uint8_t {
  order_id,
  event,
  at,
  value,
  currency,
  page,
  account,
  ad,
  attribution,
  clicked_at
};

struct Alias {
  std::string_view name;
  Column column;
};

// What shops call these columns in their exports.
constexpr auto kAliases = std::to_array<Alias>({{"order_id", Column::order_id},
                                                {"order", Column::order_id},
                                                {"id", Column::order_id},
                                                {"event", Column::event},
                                                {"at", Column::at},
                                                {"time", Column::at},
                                                {"date", Column::at},
                                                {"created_at", Column::at},
                                                {"ordered_at", Column::at},
                                                {"value", Column::value},
                                                {"total", Column::value},
                                                {"revenue", Column::value},
                                                {"currency", Column::currency},
                                                {"page", Column::page},
                                                {"account", Column::account},
                                                {"ad", Column::ad},
                                                {"ad_id", Column::ad},
                                                {"attribution", Column::attribution},
                                                {"clicked_at", Column::clicked_at},
                                                {"click_time", Column::clicked_at}});

std::string name_of(std::string_view title) {
  std::string name;
  for (char c : title) {
    if (c == ' ' || c == '-') c = '_';
    name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

// A row of a file, by column.
class RowReader {
 public:
  explicit RowReader(const TimeZone& zone) : zone_(zone) { places_.fill(-1); }

  void take_titles(const imports::TableRow& row, std::vector<std::string>& ignored) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      const std::string name = name_of(row.cells[i].text);
      if (!take_title(name, static_cast<int>(i))) ignored.emplace_back(row.cells[i].text);
    }
  }

  Status check() const {
    for (Column column : {Column::order_id, Column::at}) {
      if (places_.at(static_cast<std::size_t>(column)) >= 0) continue;
      return fail(ErrorCode::invalid,
                  fmt::format("there is no column '{}'; the first row must name the columns",
                              column == Column::at ? "at" : "order_id"));
    }
    return {};
  }

  Result<Order> order_in(const imports::TableRow& row) const {
    Order order{.order_id = std::string(cell(row, Column::order_id)),
                .page = std::string(cell(row, Column::page)),
                .account = std::string(cell(row, Column::account)),
                .ad = std::string(cell(row, Column::ad)),
                .attribution = std::string(cell(row, Column::attribution))};
    if (const std::string_view event = cell(row, Column::event); !event.empty())
      order.event = event;
    order.at = RF_TRY(moment(cell(row, Column::at)));
    if (const std::string_view at = cell(row, Column::clicked_at); !at.empty())
      order.clicked_at = RF_TRY(moment(at));
    if (const std::string_view value = cell(row, Column::value); !value.empty()) {
      const Currency currency = RF_TRY(Currency::parse(cell(row, Column::currency)));
      order.value = RF_TRY(parse_money(value, currency));
    }
    std::size_t at = 0;
    JsonCodec<platform::Person>::for_each_field([&](const auto& each) {
      order.person.*each.member = std::string(cell_at(row, person_places_.at(at++)));
    });
    return order;
  }

 private:
  bool take_title(const std::string& name, int place) {
    const auto alias = std::ranges::find(kAliases, name, &Alias::name);
    if (alias != kAliases.end()) {
      places_.at(static_cast<std::size_t>(alias->column)) = place;
      return true;
    }
    bool found = false;
    std::size_t at = 0;
    JsonCodec<platform::Person>::for_each_field([&](const auto& each) {
      if (each.name == name) {
        person_places_.at(at) = place;
        found = true;
      }
      ++at;
    });
    return found;
  }

  // Shops write seconds too: "2026-03-02 10:00:07".
  Result<Instant> moment(std::string_view text) const {
    constexpr std::size_t kToMinute = 16;
    int seconds = 0;
    if (text.size() == kToMinute + 3 && text[10] == ' ' && text[kToMinute] == ':') {
      const char* end = text.data() + text.size();
      const auto [last, error] = std::from_chars(end - 2, end, seconds);
      if (error != std::errc() || last != end || seconds > 59) seconds = 0;
      text = text.substr(0, kToMinute);
    }
    const Instant at = RF_TRY(parse_moment(text, zone_, Instant()));
    return at + std::chrono::seconds(seconds);
  }

  static std::string_view cell_at(const imports::TableRow& row, int place) {
    if (place < 0 || static_cast<std::size_t>(place) >= row.cells.size()) return {};
    return row.cells[static_cast<std::size_t>(place)].text;
  }
  std::string_view cell(const imports::TableRow& row, Column column) const {
    return cell_at(row, places_.at(static_cast<std::size_t>(column)));
  }

  static constexpr std::size_t kPersonFields =
      std::tuple_size_v<decltype(Described<platform::Person>::fields)>;

  const TimeZone& zone_;
  std::array<int, 10> places_{};
  std::array<int, kPersonFields> person_places_ = [] {
    std::array<int, kPersonFields> none{};
    none.fill(-1);
    return none;
  }();
};

}  // namespace

Result<IncomingEvent> incoming(const Order& order) {
  const auto fits = [](const std::string& text, std::size_t most) {
    return !text.empty() && text.size() <= most;
  };
  if (!fits(order.order_id, kIdMax))
    return fail(ErrorCode::invalid, fmt::format("order_id: found {} bytes, expected 1 to {}",
                                                order.order_id.size(), kIdMax));
  if (!fits(order.event, kEventNameMax))
    return fail(ErrorCode::invalid, fmt::format("event: found {} bytes, expected 1 to {}",
                                                order.event.size(), kEventNameMax));
  KeptOrder kept{.order = order,
                 .email_for_tiktok = or_nothing(platform::tiktok_email(order.person.email)),
                 .phone_for_tiktok = or_nothing(platform::tiktok_phone(order.person.phone))};
  kept.order.person = hashed(order.person);
  return IncomingEvent{.source = std::string(kOrders),
                       .key = fmt::format("{}/{}", order.event, order.order_id),
                       .happened = order.at,
                       .body = to_text(to_json(kept))};
}

Result<KeptOrder> kept_order(const LoggedEvent& event) {
  const auto broken = [&] {
    return fail(ErrorCode::corrupt, fmt::format("event {} of the log is no order", event.number));
  };
  const Result<Json> json = parse_json(event.event.body);
  if (!json) return broken();
  Result<KeptOrder> kept = from_json<KeptOrder>(*json, "order");
  if (!kept) return broken();
  return kept;
}

platform::OutgoingConversion outgoing(const KeptOrder& kept, std::string_view platform) {
  platform::OutgoingConversion out{.event = kept.order.event,
                                   .order_id = kept.order.order_id,
                                   .at = kept.order.at,
                                   .value = kept.order.value,
                                   .items = kept.order.items,
                                   .page = kept.order.page,
                                   .person = kept.order.person};
  if (platform == "tiktok") {
    out.person.email = kept.email_for_tiktok;
    out.person.phone = kept.phone_for_tiktok;
  }
  return out;
}

Result<OrderFile> read_orders(const std::string& path, const TimeZone& zone,
                              const std::function<Status(std::span<const IncomingEvent>)>& take) {
  std::unique_ptr<imports::TableReader> table = RF_TRY(imports::open_table(path));
  OrderFile file;
  RowReader reader(zone);
  imports::TableRow row;
  bool more = RF_TRY(table->next(row));
  if (more) reader.take_titles(row, file.ignored);
  RF_TRY(reader.check());
  std::vector<IncomingEvent> events;
  events.reserve(kAtOnce);
  while (true) {
    more = RF_TRY(table->next(row));
    if (!more) break;
    ++file.rows;
    const Result<Order> order = reader.order_in(row);
    Result<IncomingEvent> event = order ? incoming(*order) : Result<IncomingEvent>(order.error());
    if (event) {
      events.push_back(std::move(*event));
    } else {
      ++file.refused;
      if (file.refusals.size() < kRefusalsShown)
        file.refusals.push_back({.line = row.line, .reason = event.error().message});
    }
    if (events.size() < kAtOnce) continue;
    RF_TRY(take(events));
    events.clear();
  }
  if (!events.empty()) RF_TRY(take(events));
  return file;
}

}  // namespace rf::api
