#pragma once
#include <string>

#include "tools/runs/picture.h"

// What the page of a picture is made of, as SVG and HTML.
namespace hmm {

// A line of the table that breaks a claim which the line before does not break.
bool breaks_anew(const Picture& picture, std::size_t line);
const std::vector<BrokenRows>& broken_at(const Picture& picture, std::size_t line);
// What hovering over the step that leads to the line says.
std::string hover_text(const Picture& picture, std::size_t line);
// The first thing in which the model differs from the kernel; null if nothing does.
const Compared* first_difference(const Picture& picture);

// The sequence chart, a link `#step-N` for each line of the table.
std::string draw_chart(const Picture& picture);

// The states of a run, each box where it is in all of them.
class StateDrawing {
 public:
  explicit StateDrawing(const Picture& picture);
  std::string draw(std::size_t line) const;

 private:
  struct Box {
    std::size_t side = 0;              // left: page tables, middle: frames, right: all else
    std::vector<std::size_t> columns;  // of the table, a line each
    std::string caption;               // which memory a frame is of
    double y = 0, height = 0;
    unsigned pfn = 0;  // of a frame
  };
  struct Side {
    std::string title;
    double x = 0, width = 0;
  };
  void gather();
  void place();
  std::string draw_box(const Box& box, std::size_t line) const;
  std::string draw_row(const Box& box, std::size_t i, std::size_t line) const;
  std::string draw_arrows(const Box& box, std::size_t line) const;
  bool is_broken(std::size_t column, std::size_t line) const;
  const Box* frame(unsigned pfn) const;

  const Picture& picture_;
  StateText text_;
  std::vector<Box> boxes_;
  std::vector<Side> sides_;
  double width_ = 0, height_ = 0;
};

}  // namespace hmm
