#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/zones.h"
#include "tools/runs/markup.h"
#include "tools/runs/picture_parts.h"

// The states of a picture as boxes.
namespace hmm {
namespace {

constexpr double kLetter = 6.75, kLine = 16, kPad = 5, kGap = 8, kBetween = 74, kTop = 24;
enum SideOf : std::size_t { left, middle, right };

std::size_t side_of(const StateText::Table& table) {
  if (table.index.empty()) return middle;
  switch (table.index[0].sort.noun) {
    case Noun::mm:
    case Noun::file:
      return left;
    case Noun::pfn:
      return middle;
    case Noun::device:
    case Noun::region:
    case Noun::slot:
    case Noun::flag:
    case Noun::vpn:
    case Noun::token:
    case Noun::enumerator:
    case Noun::count:
      return right;
  }
  return right;
}

// Rows of one box have one name: those of one page, frame or device page table, or of one thing
// in flight, whose name is that of the first table of its slots.
std::string box_of(const std::vector<StateText::Table>& tables, const PlainRow& row) {
  const auto& index = tables[row.table].index;
  if (index.empty()) return tables[row.table].name;
  if (index[0].sort.noun == Noun::slot) {
    const auto first = std::find_if(tables.begin(), tables.end(), [&](const auto& table) {
      return !table.index.empty() && table.index[0].sort.of == index[0].sort.of;
    });
    return fmt::format("{} {}", first->name, row.index[0]);
  }
  // A device's page table of a process.
  const bool is_mirror = index[0].sort.noun == Noun::device;
  std::string name;
  for (std::size_t i = 0; i < row.index.size() && !(is_mirror && i == 2); ++i)
    name += fmt::format("{}={} ", index[i].name, row.index[i]);
  return name;
}

std::string caption_of(const Scope& scope, unsigned pfn) {
  const Zones zones = zones_of(scope);
  const Zone* const zone = zone_of(zones, pfn);
  if (zone == nullptr) return "";
  switch (zone->memory) {
    case Memory::system:
      return "system memory";
    case Memory::device_private:
      return fmt::format("device {}, private", zone->owner);
    case Memory::device_coherent:
      return fmt::format("device {}, coherent", zone->owner);
  }
  return "";
}

}  // namespace

StateDrawing::StateDrawing(const Picture& picture)
    : picture_(picture),
      text_(picture.scope),
      sides_{{"page tables"}, {"frames"}, {"devices, and what is under way"}} {
  gather();
  place();
}

void StateDrawing::gather() {
  std::map<std::string, std::size_t> known;
  for (std::size_t c = 0; c < picture_.table.rows.size(); ++c) {
    const PlainRow& row = picture_.table.rows[c];
    const auto& table = text_.tables()[row.table];
    const auto [at, is_new] = known.emplace(box_of(text_.tables(), row), boxes_.size());
    if (is_new) {
      Box box;
      box.side = side_of(table);
      if (!table.index.empty() && table.index[0].sort.noun == Noun::pfn) {
        box.pfn = row.index[0];
        box.caption = caption_of(picture_.scope, box.pfn);
      }
      boxes_.push_back(std::move(box));
    }
    boxes_[at->second].columns.push_back(c);
  }
}

void StateDrawing::place() {
  std::vector<double> y(sides_.size(), kTop);
  for (auto& box : boxes_) {
    const std::size_t lines = box.columns.size() + (box.caption.empty() ? 0 : 1);
    box.y = y[box.side];
    box.height = kLine * static_cast<double>(lines) + 2 * kPad;
    y[box.side] += box.height + kGap;
    std::size_t letters = std::max<std::size_t>(box.caption.size() + 2, 12);
    for (const std::size_t c : box.columns)
      for (const auto& line : picture_.table.lines)
        letters =
            std::max(letters, picture_.table.columns[c].size() + line.cells[c].text.size() + 3);
    Side& side = sides_[box.side];
    side.width = std::max({side.width, kLetter * static_cast<double>(letters) + 2 * kPad,
                           kLetter * static_cast<double>(side.title.size())});
  }
  for (std::size_t s = 0; s < sides_.size(); ++s)
    sides_[s].x = s == 0 ? 1 : sides_[s - 1].x + sides_[s - 1].width + kBetween;
  width_ = sides_.back().x + sides_.back().width + 1;
  height_ = *std::max_element(y.begin(), y.end());
}

const StateDrawing::Box* StateDrawing::frame(unsigned pfn) const {
  for (const auto& box : boxes_)
    if (pfn != 0 && box.pfn == pfn) return &box;
  return nullptr;
}

bool StateDrawing::is_broken(std::size_t column, std::size_t line) const {
  const PlainRow& row = picture_.table.rows[column];
  for (const auto& claim : broken_at(picture_, line))
    for (const auto& about : claim.rows)
      if (about.table == row.table && about.index == row.index) return true;
  return false;
}

// `!` is what a claim says not to be so, and `*` what has changed.
std::string StateDrawing::draw_row(const Box& box, std::size_t i, std::size_t line) const {
  const std::size_t column = box.columns[i];
  const auto& cell = picture_.table.lines[line].cells[column];
  const double x = sides_[box.side].x, y = box.y + kPad + kLine * static_cast<double>(i);
  const bool is_bad = is_broken(column, line);
  std::string out;
  if (is_bad || cell.is_changed)
    out +=
        fmt::format("<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                    is_bad ? "broken-row" : "changed", x + 2, y, sides_[box.side].width - 4, kLine);
  return out +
         fmt::format("<text{} x=\"{}\" y=\"{}\">{}<tspan class=\"name\">{}</tspan> {}</text>\n",
                     cell.text.empty() ? " class=\"blank\"" : "", x + kPad, y + 12,
                     is_bad            ? "!"
                     : cell.is_changed ? "*"
                                       : " ",
                     escaped(picture_.table.columns[column]),
                     cell.text.empty() ? "-" : escaped(cell.text));
}

std::string StateDrawing::draw_box(const Box& box, std::size_t line) const {
  const bool is_bad = std::any_of(box.columns.begin(), box.columns.end(),
                                  [&](std::size_t c) { return is_broken(c, line); });
  std::string out = fmt::format(
      "<g><rect class=\"box{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\"/>\n",
      is_bad ? " broken" : "", sides_[box.side].x, box.y, sides_[box.side].width, box.height);
  for (std::size_t i = 0; i < box.columns.size(); ++i) out += draw_row(box, i, line);
  if (!box.caption.empty())
    out +=
        fmt::format("<text class=\"caption\" x=\"{}\" y=\"{}\"> {}</text>\n",
                    sides_[box.side].x + kPad, box.y + box.height - kPad - 3, escaped(box.caption));
  return out + "</g>\n";
}

// From each row that names a frame to it.
std::string StateDrawing::draw_arrows(const Box& box, std::size_t line) const {
  std::string out;
  for (std::size_t i = 0; i < box.columns.size(); ++i) {
    const std::size_t column = box.columns[i];
    const auto& table = text_.tables()[picture_.table.rows[column].table];
    bool is_entry = false;  // no mapping that is used without a fault
    for (const auto& [field, value] : picture_.table.lines[line].cells[column].values) {
      const auto& shape = table.fields[field];
      if (shape.sort.noun == Noun::enumerator)
        is_entry = print_value(shape.sort, value) != "present";
      if (shape.sort.noun != Noun::pfn) continue;
      const Box* const to = frame(value);
      if (to == nullptr || to == &box) continue;
      const bool is_left = box.side == left;
      const double y = box.y + kPad + kLine * (static_cast<double>(i) + 0.5);
      const double x = is_left ? sides_[left].x + sides_[left].width : sides_[right].x;
      const double end = is_left ? sides_[middle].x : sides_[middle].x + sides_[middle].width;
      const double toward = is_left ? 1 : -1, at = to->y + to->height / 2;
      const char* const broken = is_broken(column, line) ? " broken" : "";
      out += fmt::format(
          "<path class=\"arrow{}{}\" data-of=\"{}-{}\" d=\"M{} {}C{} {} {} {} {} {}\"><title>{} {} "
          "-&gt; page {}</title></path><path class=\"tip{}\" d=\"M{} {}l{} -4v8z\"/>\n",
          is_entry ? " entry" : "", broken, column, field, x, y, x + toward * kBetween / 2, y,
          end - toward * kBetween / 2, at, end - toward * 6, at,
          escaped(picture_.table.columns[column]), escaped(shape.name), value, broken, end, at,
          -toward * 7);
    }
  }
  return out;
}

std::string StateDrawing::draw(std::size_t line) const {
  std::string out = fmt::format(
      "<svg class=\"picture\" role=\"img\" aria-label=\"the state after step {0}\" width=\"{1}\" "
      "height=\"{2}\" viewBox=\"0 0 {1} {2}\">\n",
      line, width_, height_);
  for (const auto& side : sides_)
    out += fmt::format("<text class=\"title\" x=\"{}\" y=\"14\">{}</text>\n", side.x, side.title);
  for (const auto& box : boxes_) out += draw_box(box, line);
  for (const auto& box : boxes_) out += draw_arrows(box, line);
  return out + "</svg>\n";
}

}  // namespace hmm
