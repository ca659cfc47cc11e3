#pragma once
#include <string>
#include <vector>

#include "traces/trace_table.h"

// A short document in parts, printed as Markdown for mail or as HTML.
namespace hmm {

class Document {
 public:
  void heading(unsigned level, std::string text);
  void paragraph(std::string text);
  void item(std::string text);
  void code(std::string text);
  void table(TraceTable table);

  // In lines of at most so many columns, but for words that are longer.
  std::string markdown(std::size_t width) const;
  // One page that needs nothing beside it, dark where the reader's screen is.
  std::string html(const std::string& title) const;

 private:
  enum class Kind { heading, paragraph, item, code, table };
  struct Part {
    Kind kind = Kind::paragraph;
    unsigned level = 0;  // of a heading
    std::string text;
    TraceTable table;
  };
  std::vector<Part> parts_;
};

}  // namespace hmm
