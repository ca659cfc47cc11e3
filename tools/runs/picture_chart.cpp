#include <fmt/format.h>

#include <algorithm>

#include "tools/runs/markup.h"
#include "tools/runs/picture_parts.h"

// The sequence chart of a picture.
namespace hmm {
namespace {

constexpr double kNarrowLane = 58, kWideLane = 130, kRowHeight = 36, kTextAbove = 9, kLetter = 6.7;
constexpr double kWireBelow = 8;  // the middle of a row
constexpr std::size_t kMostLetters = 58;

struct Row {
  std::size_t line = 0;
  const Picture::Call* call = nullptr;  // the heading of one
};

// Lines of the table, and a heading before the first of each call.
std::vector<Row> rows_of(const Picture& picture) {
  std::vector<Row> rows;
  std::size_t next = 0;
  for (std::size_t i = 0; i < picture.table.lines.size(); ++i) {
    for (; next < picture.calls.size() && picture.calls[next].first == i; ++next)
      rows.push_back({i, &picture.calls[next]});
    rows.push_back({i, nullptr});
  }
  return rows;
}

std::string cut(std::string text) {
  if (text.size() > kMostLetters) text = text.substr(0, kMostLetters) + "...";
  return text;
}

class Chart {
 public:
  explicit Chart(const Picture& picture)
      : picture_(picture), lanes_(lanes_of(picture.scope, picture.table)), rows_(rows_of(picture)) {
    std::size_t letters = 20;
    for (const Row& row : rows_) letters = std::max(letters, label(row).size() + 6);
    const double words = kLetter * static_cast<double>(letters) + 8;
    const auto lanes = static_cast<double>(lanes_.lanes.size());
    lane_width_ = std::clamp(words / lanes, kNarrowLane, kWideLane);
    width_ = std::max(words, lane_width_ * lanes);
    height_ = kRowHeight * static_cast<double>(rows_.size());
  }

  std::string draw() const {
    std::string out = fmt::format(
        "<svg class=\"head\" width=\"{0}\" height=\"24\" viewBox=\"0 0 {0} 24\" "
        "aria-hidden=\"true\">\n",
        width_);
    for (std::size_t l = 0; l < lanes_.lanes.size(); ++l)
      out += fmt::format("<text class=\"who\" x=\"{}\" y=\"16\">{}</text>\n", x_of(l),
                         escaped(name_of(lanes_.lanes[l])));
    out += fmt::format("</svg>\n<svg width=\"{0}\" height=\"{1}\" viewBox=\"0 0 {0} {1}\">\n",
                       width_, height_);
    for (std::size_t r = 0; r < rows_.size(); ++r) out += draw_row(r);
    return out + "</svg>\n";
  }

 private:
  double x_of(std::size_t lane) const { return lane_width_ * (static_cast<double>(lane) + 0.5); }
  double y_of(std::size_t row) const { return kRowHeight * (static_cast<double>(row) + 0.5); }

  std::string label(const Row& row) const {
    if (row.call != nullptr) return cut(row.call->says);
    const auto& line = picture_.table.lines[row.line];
    if (line.taken) return cut(line.step);
    return cut(row.line == 0 ? "start" : fmt::format("{} {}", line.step, line.verdict));
  }

  // The lanes of a row, and the ranges that are open there: above its background.
  std::string draw_under(std::size_t r) const {
    std::string out;
    const double y = kRowHeight * static_cast<double>(r);
    for (std::size_t l = 0; l < lanes_.lanes.size(); ++l)
      out += fmt::format("<line class=\"lane\" x1=\"{0}\" x2=\"{0}\" y1=\"{1}\" y2=\"{2}\"/>",
                         x_of(l), y, y + kRowHeight);
    return out + draw_open(r);
  }

  // Down to the wire what the step before has left open, and from there what it leaves open.
  std::string draw_open(std::size_t r) const {
    std::string out;
    const std::size_t line = rows_[r].line;
    const bool is_heading = rows_[r].call != nullptr;
    const double top = kRowHeight * static_cast<double>(r), wire = y_of(r) + kWireBelow;
    for (std::size_t l = 0; l < lanes_.lanes.size(); ++l) {
      if (line > 0) out += draw_bar(l, line - 1, top, wire);
      out += draw_bar(l, is_heading && line > 0 ? line - 1 : line, wire, top + kRowHeight);
    }
    return out;
  }

  std::string draw_bar(std::size_t lane, std::size_t line, double from, double to) const {
    const std::string& what = lanes_.open[line][lane];
    if (what.empty()) return "";
    return fmt::format(
        "<rect class=\"open\" x=\"{}\" y=\"{}\" width=\"12\" height=\"{}\"><title>{}: "
        "{}</title></rect>",
        x_of(lane) - 6, from, to - from, escaped(name_of(lanes_.lanes[lane])), escaped(what));
  }

  std::string draw_wire(const Signal& signal, double y) const {
    std::string out;
    const double from = x_of(signal.actor);
    for (const auto& end : signal.others) {
      const double to = x_of(end.lane), side = to < from ? 1 : -1;
      out += fmt::format("<line class=\"wire\" x1=\"{}\" x2=\"{}\" y1=\"{}\" y2=\"{}\"/>", from,
                         to + side * 5, y, y);
      if (end.is_changed)
        out += fmt::format("<path class=\"head-arrow\" d=\"M{} {}l{} -4.5v9z\"/>", to, y, side * 9);
      else
        out += fmt::format("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>", to, y);
    }
    return out + fmt::format("<circle class=\"dot{}\" cx=\"{}\" cy=\"{}\" r=\"4\"/>",
                             signal.changes_actor ? " changed" : "", from, y);
  }

  std::string draw_row(std::size_t r) const {
    const Row& row = rows_[r];
    const double y = y_of(r);
    if (row.call != nullptr)
      return draw_under(r) + fmt::format("<text class=\"called\" x=\"4\" y=\"{}\">{}</text>\n",
                                         y + kWireBelow, escaped(label(row)));
    const auto& line = picture_.table.lines[row.line];
    std::string kind = "row";
    if (!broken_at(picture_, row.line).empty()) kind += " broken";
    if (breaks_anew(picture_, row.line)) kind += " breaks";
    std::string out = fmt::format(
        "<a class=\"{}\" href=\"#step-{}\"><title>{}</title><rect class=\"hit\" x=\"0\" y=\"{}\" "
        "width=\"{}\" height=\"{}\"/>{}",
        kind, row.line, escaped(hover_text(picture_, row.line)), y - kRowHeight / 2, width_,
        kRowHeight, draw_under(r));
    if (lanes_.signals[row.line]) out += draw_wire(*lanes_.signals[row.line], y + kWireBelow);
    const std::string text = label(row);
    const std::size_t name = std::min(text.find(' '), text.size());
    const bool is_step = line.taken.has_value();
    out += fmt::format(
        "<text class=\"text{}\" x=\"4\" y=\"{}\"><tspan class=\"number\">{:>3} </tspan>{}{}<tspan "
        "class=\"fields\">{}</tspan></text></a>\n",
        is_step && line.verdict != "ok" ? " refused" : "", y + 4 - kTextAbove, row.line,
        broken_at(picture_, row.line).empty() ? "" : "! ",
        escaped(is_step ? text.substr(0, name) : text), escaped(is_step ? text.substr(name) : ""));
    return out;
  }

  const Picture& picture_;
  Lanes lanes_;
  std::vector<Row> rows_;
  double lane_width_ = 0, width_ = 0, height_ = 0;
};

}  // namespace

std::string draw_chart(const Picture& picture) { return Chart(picture).draw(); }

}  // namespace hmm
