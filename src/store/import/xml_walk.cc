#include "store/import/xml_walk.h"

#include <cstddef>

#include <fmt/format.h>

namespace rf::imports {

std::string_view local_name(const char* name) {
  std::string_view full(name);
  const std::size_t colon = full.rfind(':');
  return colon == std::string_view::npos ? full : full.substr(colon + 1);
}

std::string_view attribute(const char** attributes, std::string_view name) {
  for (; *attributes != nullptr; attributes += 2) {
    if (local_name(attributes[0]) == name) return attributes[1];
  }
  return {};
}

XmlWalk::XmlWalk() : parser_(XML_ParserCreate(nullptr)) {
  XML_SetUserData(parser_.get(), this);
  XML_SetElementHandler(
      parser_.get(),
      [](void* self, const XML_Char* name, const XML_Char** attributes) {
        static_cast<XmlWalk*>(self)->on_start(local_name(name), attributes);
      },
      [](void* self, const XML_Char* name) {
        static_cast<XmlWalk*>(self)->on_end(local_name(name));
      });
  XML_SetCharacterDataHandler(parser_.get(), [](void* self, const XML_Char* text, int size) {
    static_cast<XmlWalk*>(self)->on_text({text, static_cast<std::size_t>(size)});
  });
  XML_SetStartDoctypeDeclHandler(
      parser_.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
        auto* walk = static_cast<XmlWalk*>(self);
        walk->has_doctype_ = true;
        XML_StopParser(walk->parser_.get(), XML_FALSE);
      });
}

Status XmlWalk::feed(std::string_view bytes, bool last) {
  const XML_Status status =
      XML_Parse(parser_.get(), bytes.data(), static_cast<int>(bytes.size()), last ? 1 : 0);
  if (status == XML_STATUS_OK) return {};
  if (has_doctype_)
    return fail(ErrorCode::corrupt, "the workbook's XML declares a document type, which none needs");
  return fail(ErrorCode::corrupt,
              fmt::format("the workbook's XML breaks at line {}: {}",
                          XML_GetCurrentLineNumber(parser_.get()),
                          XML_ErrorString(XML_GetErrorCode(parser_.get()))));
}

}  // namespace rf::imports
