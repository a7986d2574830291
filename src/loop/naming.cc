#include "loop/naming.h"

namespace rf::loop {

Result<learn::Taxonomy> taxonomy_of(Store& store) {
  std::optional<Json> document = RF_TRY(store.document(AccountId{}, "naming"));
  if (!document) return learn::default_taxonomy();
  Result<learn::Taxonomy> taxonomy = from_json<learn::Taxonomy>(*document, "naming");
  if (!taxonomy) return fail(ErrorCode::corrupt, taxonomy.error().message);
  return taxonomy;
}

}  // namespace rf::loop
