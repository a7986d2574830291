#include "api/settings.h"

#include "api/judged.h"
#include "api/settings_file.h"
#include "loop/naming.h"
#include "loop/sight.h"

namespace rf::api {
Result<PolicyOutput> policy_show(const PolicyShowInput& input, Services& services) {
  Store* store = RF_TRY(services.store());
  return PolicyOutput{.account = input.account,
                      .policies = RF_TRY(loop::policies_of(*store, AccountId{input.account}))};
}

Result<PolicyOutput> policy_set(const PolicySetInput& input, Services& services) {
  Json json = RF_TRY(settings_in(input.file));
  decide::Policies policies = RF_TRY(from_json<decide::Policies>(json, input.file));
  Store* store = RF_TRY(services.store());
  if (!input.account.empty()) {
    RF_TRY(accounts_asked(*store, input.account));
  }
  RF_TRY(store->put_document(AccountId{input.account}, "policies", to_json(policies)));
  return PolicyOutput{.account = input.account, .policies = policies};
}

Result<NamingOutput> naming_show(const Nothing&, Services& services) {
  Store* store = RF_TRY(services.store());
  return NamingOutput{.taxonomy = RF_TRY(loop::taxonomy_of(*store))};
}

Result<NamingOutput> naming_set(const NamingSetInput& input, Services& services) {
  Json json = RF_TRY(settings_in(input.file));
  learn::Taxonomy taxonomy = RF_TRY(from_json<learn::Taxonomy>(json, input.file));
  RF_TRY(learn::check(taxonomy));
  Store* store = RF_TRY(services.store());
  RF_TRY(store->put_document(AccountId{}, "naming", to_json(taxonomy)));
  return NamingOutput{.taxonomy = std::move(taxonomy)};
}

}  // namespace rf::api
