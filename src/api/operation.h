// One operation: an ability of the program, described once, from which every door is made.

#pragma once

#include <array>
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "api/reach.h"
#include "base/described.h"
#include "base/json.h"
#include "base/progress.h"
#include "base/result.h"
#include "base/time.h"
#include "platform/ad_platform.h"
#include "store/event_log.h"
#include "store/store.h"

namespace rf::api {

// What an operation does to the world; decides who may call it, and whether a person is asked.
enum class Effect : std::uint8_t {
  reads,
  proposes,     // Writes to our own store: imports, plans.
  spends,       // Changes something on a platform.
  administers,  // Changes accounts, settings, the store itself.
};

// What the doors give to handlers. The store is opened when first asked for, so that operations
// that need none work without one.
// Thread: one at a time.
class Services {
 public:
  using OpenStore = std::function<Result<std::unique_ptr<Store>>(const std::string& path)>;
  // Null where the account is known from files only.
  using OpenPlatform = std::function<Result<std::unique_ptr<AdPlatform>>(const Account& account)>;

  // `decoder` is the program that decodes films; empty where none is known. Platforms are opened by
  // `open_platform`, else by the accounts' connections (api/connections.h).
  Services(std::string store_path, OpenStore open_store, const Clock& clock, Progress& progress,
           std::string decoder = "", OpenPlatform open_platform = nullptr)
      : store_path_(std::move(store_path)),
        open_store_(std::move(open_store)),
        open_platform_(std::move(open_platform)),
        decoder_(std::move(decoder)),
        clock_(clock),
        progress_(progress) {}

  const std::string& store_path() const { return store_path_; }
  Result<Store*> store();
  // The log of what came in from outside, beside the store; opened when first asked for.
  Result<EventLog*> events();
  const OpenStore& open_store() const { return open_store_; }
  // The account on its platform; null where it is known from files only.
  Result<std::unique_ptr<AdPlatform>> platform(const Account& account);
  const std::string& decoder() const { return decoder_; }
  const Reach& reach() const { return reach_; }
  void set_reach(Reach reach) { reach_ = std::move(reach); }
  const Clock& clock() const { return clock_; }
  Progress& progress() { return progress_; }

 private:
  std::string store_path_;
  OpenStore open_store_;
  OpenPlatform open_platform_;
  std::string decoder_;
  const Clock& clock_;
  Progress& progress_;
  Reach reach_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<EventLog> events_;
};

// One input field, as far as a command line needs to know it.
struct InputField {
  enum class Kind : std::uint8_t { boolean, integer, number, text, texts };
  std::string_view name;
  std::string_view help;
  Kind kind = Kind::text;
  bool required = false;
  bool positional = false;
};

struct Operation {
  std::string_view name;     // Words with one space between: "plan show".
  std::string_view help;     // One line.
  std::string_view example;  // A command line, without the program's name.
  Effect effect = Effect::reads;
  std::vector<InputField> inputs;
  std::function<JsonObject()> input_schema;
  std::function<JsonObject()> output_schema;
  // Errors: invalid, with the path of what is wrong, "input.ads[3].budget"; and the handler's own.
  std::function<Result<Json>(const Json& input, Services& services)> run;
};

// An operation without input.
struct Nothing {};

namespace detail {

template <typename Member>
constexpr InputField::Kind kind_of() {
  using Kind = InputField::Kind;
  if constexpr (described::IsOptional<Member>::value) {
    return kind_of<typename Member::value_type>();
  } else if constexpr (std::same_as<Member, bool>) {
    return Kind::boolean;
  } else if constexpr (std::same_as<Member, std::int64_t>) {
    return Kind::integer;
  } else if constexpr (std::same_as<Member, double>) {
    return Kind::number;
  } else if constexpr (std::same_as<Member, std::vector<std::string>>) {
    return Kind::texts;
  } else {
    return Kind::text;
  }
}

template <typename Input>
std::vector<InputField> input_fields() {
  std::vector<InputField> fields;
  JsonCodec<Input>::for_each_field([&](const auto& each) {
    using Member = std::remove_cvref_t<decltype(std::declval<Input>().*each.member)>;
    fields.push_back({.name = each.name,
                      .help = each.help,
                      .kind = kind_of<Member>(),
                      .required = each.rules.required,
                      .positional = each.rules.positional});
  });
  return fields;
}

}  // namespace detail

struct OperationText {
  std::string_view name;
  std::string_view help;
  std::string_view example;
};

// The row for a handler `Result<Output> handler(const Input&, Services&)`.
template <typename Input, typename Output>
Operation operation(OperationText text, Effect effect,
                    Result<Output> (*handler)(const Input&, Services&)) {
  return {.name = text.name,
          .help = text.help,
          .example = text.example,
          .effect = effect,
          .inputs = detail::input_fields<Input>(),
          .input_schema = [] { return schema_of<Input>(); },
          .output_schema = [] { return schema_of<Output>(); },
          .run = [handler](const Json& json, Services& services) -> Result<Json> {
            Input input = RF_TRY(from_json<Input>(json, "input"));
            Output output = RF_TRY(handler(input, services));
            return to_json(output);
          }};
}

}  // namespace rf::api

template <>
struct rf::Described<rf::api::Nothing> {
  static constexpr std::tuple<> fields{};
};

template <>
struct rf::EnumNames<rf::api::Effect> {
  static constexpr auto names = std::to_array<std::pair<rf::api::Effect, std::string_view>>(
      {{rf::api::Effect::reads, "reads"},
       {rf::api::Effect::proposes, "proposes"},
       {rf::api::Effect::spends, "spends"},
       {rf::api::Effect::administers, "administers"}});
};
