// A walk through XML that arrives in blocks.

#pragma once

#include <memory>
#include <string_view>

#include <expat.h>

#include "base/result.h"

namespace rf::imports {

// The local name, without a namespace's prefix.
std::string_view local_name(const char* name);

// An attribute's value, or "" when it is not there. `attributes` as expat gives them.
std::string_view attribute(const char** attributes, std::string_view name);

class XmlWalk {
 public:
  XmlWalk();
  virtual ~XmlWalk() = default;
  XmlWalk(const XmlWalk&) = delete;
  XmlWalk& operator=(const XmlWalk&) = delete;

  // Errors: corrupt; also for a document type, which no workbook has and which can hold traps.
  Status feed(std::string_view bytes, bool last);

 protected:
  virtual void on_start(std::string_view name, const char** attributes) = 0;
  virtual void on_end(std::string_view name) = 0;
  virtual void on_text(std::string_view text) = 0;

 private:
  struct Free {
    void operator()(XML_Parser parser) const { XML_ParserFree(parser); }
  };
  std::unique_ptr<XML_ParserStruct, Free> parser_;
  bool has_doctype_ = false;
};

}  // namespace rf::imports
