// A store whose n-th call fails, to show that whoever uses it ends clean whichever call that is.
//
//   for (int n = 1;; ++n) {
//     FailingStore failing(*store, n);
//     ... run the work on `failing`, expect an error or success, check what it left ...
//     if (!failing.failed()) break;  // n is past the last call.
//   }

#pragma once

#include <memory>
#include <utility>

#include "store/store.h"

namespace rf {

// Calls of writers count too. The call that fails does not reach the store. For tests.
class FailingStore final : public Store {
 public:
  // `store` must outlive this and its writers. The first call is number 1; 0 never fails.
  FailingStore(Store& store, int failing_call) : store_(&store), failing_call_(failing_call) {}

  bool failed() const { return calls_ >= failing_call_ && failing_call_ > 0; }
  int calls() const { return calls_; }

  Result<std::vector<Account>> accounts() override {
    RF_TRY(next());
    return store_->accounts();
  }
  Status put_account(const Account& account) override {
    RF_TRY(next());
    return store_->put_account(account);
  }
  Result<std::optional<ImportRecord>> find_import(std::string_view sha256,
                                                  std::string_view options_sha256) override {
    RF_TRY(next());
    return store_->find_import(sha256, options_sha256);
  }
  Result<std::vector<ImportRecord>> imports() override {
    RF_TRY(next());
    return store_->imports();
  }
  Result<std::unique_ptr<MetricWriter>> write_metrics(const ImportSource& source) override {
    RF_TRY(next());
    std::unique_ptr<MetricWriter> writer = RF_TRY(store_->write_metrics(source));
    return std::unique_ptr<MetricWriter>(std::make_unique<Writer>(*this, std::move(writer)));
  }
  Result<Remembered> remember(const AccountId& account) override {
    RF_TRY(next());
    return store_->remember(account);
  }
  Result<std::vector<EntityTotals>> totals(const AccountId& account, Level level) override {
    RF_TRY(next());
    return store_->totals(account, level);
  }
  Result<std::vector<EntityTotals>> totals_as_of(const AccountId& account, Level level,
                                                 Instant as_of) override {
    RF_TRY(next());
    return store_->totals_as_of(account, level, as_of);
  }
  Status each_day(const AccountId& account, Level level, Day from, Day to,
                  const std::function<Status(const EntityDay&)>& visit) override {
    RF_TRY(next());
    return store_->each_day(account, level, from, to, visit);
  }
  Result<std::optional<Instant>> known_at(const AccountId& account, Day day) override {
    RF_TRY(next());
    return store_->known_at(account, day);
  }
  Result<std::vector<MetricVersion>> versions(const AccountId& account, const EntityId& entity,
                                              Day from, Day to) override {
    RF_TRY(next());
    return store_->versions(account, entity, from, to);
  }
  Result<std::optional<Json>> document(const AccountId& account, std::string_view name) override {
    RF_TRY(next());
    return store_->document(account, name);
  }
  Status put_document(const AccountId& account, std::string_view name,
                      const Json& document) override {
    RF_TRY(next());
    return store_->put_document(account, name, document);
  }
  Result<std::optional<Json>> find_features(const FeaturesKey& key) override {
    RF_TRY(next());
    return store_->find_features(key);
  }
  Status put_features(const FeaturesKey& key, Instant made_at, const Json& features) override {
    RF_TRY(next());
    return store_->put_features(key, made_at, features);
  }
  Status put_creative(Instant made_at, const Creative& creative) override {
    RF_TRY(next());
    return store_->put_creative(made_at, creative);
  }
  Result<AdFilmsWritten> put_ad_films(const AccountId& account,
                                      const std::vector<AdFilm>& films) override {
    RF_TRY(next());
    return store_->put_ad_films(account, films);
  }
  Result<std::vector<AdFilm>> ad_films(const AccountId& account,
                                       const std::optional<Instant>& as_of) override {
    RF_TRY(next());
    return store_->ad_films(account, as_of);
  }
  Result<std::vector<Creative>> creatives(const AccountId& account,
                                          const std::optional<Instant>& as_of) override {
    RF_TRY(next());
    return store_->creatives(account, as_of);
  }
  Result<std::int64_t> put_turn(const TurnRecord& turn, const Plan& plan) override {
    RF_TRY(next());
    return store_->put_turn(turn, plan);
  }
  Result<Plan> plan(const AccountId& account, std::string_view hash) override {
    RF_TRY(next());
    return store_->plan(account, hash);
  }
  Result<std::vector<TurnRecord>> turns(const AccountId& account, std::int64_t limit) override {
    RF_TRY(next());
    return store_->turns(account, limit);
  }
  // Its calls do not count; act/ has its own way to fail them.
  ActionLedger& actions() override { return store_->actions(); }
  Status backup(const std::string& path) override {
    RF_TRY(next());
    return store_->backup(path);
  }
  Result<std::vector<std::string>> check() override {
    RF_TRY(next());
    return store_->check();
  }

 private:
  class Writer final : public MetricWriter {
   public:
    Writer(FailingStore& store, std::unique_ptr<MetricWriter> writer)
        : store_(&store), writer_(std::move(writer)) {}
    Status add(const Account& account, const MetricRow& row) override {
      RF_TRY(store_->next());
      return writer_->add(account, row);
    }
    Result<WriteSummary> commit(const Json& report) override {
      RF_TRY(store_->next());
      return writer_->commit(report);
    }
    Result<WriteSummary> preview() override {
      RF_TRY(store_->next());
      return writer_->preview();
    }

   private:
    FailingStore* store_;
    std::unique_ptr<MetricWriter> writer_;
  };

  Status next() {
    if (++calls_ != failing_call_) return {};
    return fail(ErrorCode::unavailable, "the store was told to fail");
  }

  Store* store_;
  int failing_call_;
  int calls_ = 0;
};

}  // namespace rf
