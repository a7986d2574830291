#include "video/cells.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace rf::video {
namespace {

// Per column of pixels, summed over the four rows of a cell. Gradients are four times the true
// ones, so that they stay whole numbers.
struct ColumnSums {
  std::vector<std::int32_t> gradient, along_x, along_y, change, lift;

  void reset(std::size_t width) {
    for (auto* sums : {&gradient, &along_x, &along_y, &change, &lift}) sums->assign(width, 0);
  }
};

struct RowPair {
  const std::uint8_t* from;
  const std::uint8_t* to;
};

// A row of both pictures between its neighbours.
struct ThreeRows {
  RowPair above, here, below;
};

// A pixel between its neighbours in the row.
struct Place {
  std::size_t left, x, right;
};

void add_pixel(const ThreeRows& rows, const Place& place, ColumnSums& sums) {
  const auto& [above, here, below] = rows;
  const auto [left, x, right] = place;
  // Sixteen bits hold each, and twice as many fit into a register.
  const auto gx = static_cast<std::int16_t>(here.from[right] - here.from[left] + here.to[right] -
                                            here.to[left]);
  const auto gy =
      static_cast<std::int16_t>(below.from[x] - above.from[x] + below.to[x] - above.to[x]);
  const auto step = static_cast<std::int16_t>(here.to[x] - here.from[x]);
  sums.gradient[x] += gx * gx + gy * gy;
  sums.along_x[x] += gx * step;
  sums.along_y[x] += gy * step;
  sums.change[x] += std::abs(step);
  sums.lift[x] += step;
}

void add_row(const ThreeRows& rows, std::size_t width, ColumnSums& sums) {
  add_pixel(rows, {0, 0, std::min<std::size_t>(1, width - 1)}, sums);
  for (std::size_t x = 1; x + 1 < width; ++x) add_pixel(rows, {x - 1, x, x + 1}, sums);
  if (width > 1) add_pixel(rows, {width - 2, width - 1, width - 1}, sums);
}

int cells_along(int pixels) { return std::max(1, pixels / kCellPx); }

void set_cell(const ColumnSums& sums, std::size_t first, std::size_t columns, float pixels,
              Evidence& evidence) {
  std::int64_t gradient = 0;
  std::int64_t along_x = 0;
  std::int64_t along_y = 0;
  std::int64_t change = 0;
  std::int64_t lift = 0;
  for (std::size_t x = first; x < first + columns; ++x) {
    gradient += sums.gradient[x];
    along_x += sums.along_x[x];
    along_y += sums.along_y[x];
    change += sums.change[x];
    lift += sums.lift[x];
  }
  const float squared = static_cast<float>(gradient) / (16 * pixels);
  const float x = static_cast<float>(along_x) / (4 * pixels);
  const float y = static_cast<float>(along_y) / (4 * pixels);
  evidence.gradient.push_back(squared);
  evidence.change.push_back(static_cast<float>(change) / pixels);
  // A movement beyond the texture's own size changes it without following its gradient. A quarter
  // of that change keeps noise of one grey level at half of kChangeNoise.
  const float uneven = static_cast<float>(change - std::abs(lift)) / (4 * pixels);
  evidence.moved.push_back(std::max(uneven, std::sqrt((x * x + y * y) / (squared + 0.25F))));
}

void shape_like(const Evidence& evidence, Cells& cells) {
  cells.columns = evidence.columns;
  cells.rows = evidence.rows;
  const std::size_t count = evidence.gradient.size();
  for (auto* values : {&cells.x, &cells.y, &cells.texture, &cells.weight}) {
    values->assign(count, 0.0F);
  }
}

void weigh(const Evidence& evidence, Cells& cells) {
  for (std::size_t i = 0; i < evidence.gradient.size(); ++i) {
    const float squared = evidence.moved[i] * evidence.moved[i];
    cells.texture[i] = evidence.gradient[i] / (evidence.gradient[i] + kTextureNoise);
    cells.weight[i] = cells.texture[i] * squared / (squared + kChangeNoise * kChangeNoise);
  }
}

// Of a place in rows of `width`.
std::size_t index_of(int row, int column, int width) {
  return static_cast<std::size_t>(row) * static_cast<std::size_t>(width) +
         static_cast<std::size_t>(column);
}

struct Pictures {
  std::span<const std::uint8_t> from;
  std::span<const std::uint8_t> to;
  int width;
  int height;
};

constexpr int kBlockPx = 16;
constexpr int kReachPx = 12;

struct Block {
  int left, top, width, height;
};

// Mean absolute difference of a block and where it may have gone; very large outside.
int distance(const Pictures& pictures, const Block& block, int dx, int dy) {
  constexpr int kOutside = 1 << 30;
  if (block.left + dx < 0 || block.top + dy < 0) return kOutside;
  if (block.left + dx + block.width > pictures.width) return kOutside;
  if (block.top + dy + block.height > pictures.height) return kOutside;
  int sum = 0;
  for (int y = 0; y < block.height; ++y) {
    const std::size_t row = index_of(block.top + y, block.left, pictures.width);
    const std::size_t moved = index_of(block.top + y + dy, block.left + dx, pictures.width);
    for (std::size_t x = 0; x < static_cast<std::size_t>(block.width); ++x) {
      sum += std::abs(pictures.from[row + x] - pictures.to[moved + x]);
    }
  }
  return sum;
}

struct Match {
  int dx = 0;
  int dy = 0;
  int distance = 0;
};

// The nearest match among the eight places a stride around `centre`, and itself; the first wins
// ties, so that flat blocks do not wander.
Match best_around(const Pictures& pictures, const Block& block, const Match& centre, int stride) {
  Match best = centre;
  for (int dy = centre.dy - stride; dy <= centre.dy + stride; dy += stride) {
    for (int dx = centre.dx - stride; dx <= centre.dx + stride; dx += stride) {
      if (std::abs(dx) > kReachPx || std::abs(dy) > kReachPx) continue;
      const int found = distance(pictures, block, dx, dy);
      if (found < best.distance) best = {dx, dy, found};
    }
  }
  return best;
}

Match look_for(const Pictures& pictures, const Block& block) {
  Match best{0, 0, distance(pictures, block, 0, 0)};
  for (int stride = 4; stride >= 1; stride /= 2) {
    for (int moves = 0; moves < kReachPx / stride; ++moves) {
      const Match next = best_around(pictures, block, best, stride);
      if (next.distance == best.distance) break;
      best = next;
    }
  }
  return best;
}

struct Voice {
  double dx, dy, x, y, weight;
};

// The value in the middle by weight, to a sixteenth of a pixel: a first guess needs no more.
double weighted_median(const std::vector<Voice>& voices, double Voice::*value) {
  constexpr int kPerPx = 16;
  constexpr int kReach = 64 * kPerPx;
  std::array<double, 2 * kReach + 1> weights{};
  double total = 0;
  for (const Voice& voice : voices) {
    const double at = std::clamp(voice.*value * kPerPx, -1.0 * kReach, 1.0 * kReach);
    weights[static_cast<std::size_t>(std::lround(at) + kReach)] += voice.weight;
    total += voice.weight;
  }
  double seen = 0;
  for (int i = 0; i <= 2 * kReach; ++i) {
    seen += weights[static_cast<std::size_t>(i)];
    if (seen >= total / 2) return static_cast<double>(i - kReach) / kPerPx;
  }
  return 0;
}

// Every second cell each way: neighbours say the same.
std::vector<Voice> voices(const Cells& cells) {
  std::vector<Voice> found;
  for (int row = 0; row < cells.rows; row += 2) {
    for (int column = 0; column < cells.columns; column += 2) {
      const std::size_t i = cells.index(row, column);
      if (cells.texture[i] < 0.1F) continue;
      found.push_back({(column + 0.5 - cells.columns / 2.0) * kCellPx,
                       (row + 0.5 - cells.rows / 2.0) * kCellPx, static_cast<double>(cells.x[i]),
                       static_cast<double>(cells.y[i]), static_cast<double>(cells.texture[i])});
    }
  }
  return found;
}

// Least squares of the four numbers, given weights. With offsets measured from the weighted middle
// the normal equations fall apart into single divisions.
Camera solve(const std::vector<Voice>& cells, const std::vector<double>& weights) {
  double total = 1e-9;
  double mx = 0, my = 0, mu = 0, mv = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    total += weights[i];
    mx += weights[i] * cells[i].dx;
    my += weights[i] * cells[i].dy;
    mu += weights[i] * cells[i].x;
    mv += weights[i] * cells[i].y;
  }
  mx /= total, my /= total, mu /= total, mv /= total;
  // Holds zoom and turn at zero where too little of the picture votes to tell them from a shift.
  double spread = total * 4 * kCellPx * kCellPx;
  double zoom = 0, turn = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const double dx = cells[i].dx - mx, dy = cells[i].dy - my;
    const double u = cells[i].x - mu, v = cells[i].y - mv;
    spread += weights[i] * (dx * dx + dy * dy);
    zoom += weights[i] * (dx * u + dy * v);
    turn += weights[i] * (dx * v - dy * u);
  }
  zoom /= spread, turn /= spread;
  return {mu - zoom * mx + turn * my, mv - zoom * my - turn * mx, zoom, turn};
}

constexpr int kCells = kBlockPx / kCellPx;

// Gives the cells of one block its movement.
void move_block(Cells& cells, int row, int column, const Match& match) {
  for (int y = row; y < std::min(row + kCells, cells.rows); ++y) {
    for (int x = column; x < std::min(column + kCells, cells.columns); ++x) {
      const std::size_t i = cells.index(y, x);
      cells.x[i] = static_cast<float>(match.dx);
      cells.y[i] = static_cast<float>(match.dy);
    }
  }
}

}  // namespace

void gather_evidence(std::span<const std::uint8_t> from, std::span<const std::uint8_t> to,
                     int width, int height, Evidence& evidence) {
  RF_CHECK(width >= 1 && height >= 1);
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  RF_CHECK(from.size() == pixels && to.size() == pixels);
  evidence.columns = cells_along(width);
  evidence.rows = cells_along(height);
  for (auto* values : {&evidence.gradient, &evidence.change, &evidence.moved}) values->clear();
  const auto row_at = [&](int y) {
    const auto at =
        static_cast<std::size_t>(std::clamp(y, 0, height - 1)) * static_cast<std::size_t>(width);
    return RowPair{from.data() + at, to.data() + at};
  };
  const int cell_height = std::min(kCellPx, height);
  const int cell_width = std::min(kCellPx, width);
  const auto area = static_cast<float>(cell_width * cell_height);
  ColumnSums sums;
  for (int row = 0; row < evidence.rows; ++row) {
    sums.reset(static_cast<std::size_t>(width));
    for (int y = row * kCellPx; y < row * kCellPx + cell_height; ++y) {
      add_row({row_at(y - 1), row_at(y), row_at(y + 1)}, static_cast<std::size_t>(width), sums);
    }
    for (int column = 0; column < evidence.columns; ++column) {
      set_cell(sums, static_cast<std::size_t>(column) * std::size_t{kCellPx},
               static_cast<std::size_t>(cell_width), area, evidence);
    }
  }
}

void weigh_flow(const media::FlowField& flow, const Evidence& evidence, Cells& cells) {
  shape_like(evidence, cells);
  weigh(evidence, cells);
  RF_CHECK(flow.xy.size() == 2 * cells.x.size());
  for (std::size_t i = 0; i < cells.x.size(); ++i) {
    cells.x[i] = kCellPx * flow.xy[2 * i];
    cells.y[i] = kCellPx * flow.xy[2 * i + 1];
  }
}

void weigh_difference(const Evidence& evidence, Cells& cells) {
  shape_like(evidence, cells);
  for (std::size_t i = 0; i < evidence.gradient.size(); ++i) {
    // Measured beside kTextureNoise: 16 keeps noise in flat parts below the first threshold.
    cells.x[i] = evidence.change[i] / std::sqrt(evidence.gradient[i] + 16);
    cells.weight[i] = 1;
  }
}

void match_blocks(std::span<const std::uint8_t> from, std::span<const std::uint8_t> to, int width,
                  int height, const Evidence& evidence, Cells& cells) {
  shape_like(evidence, cells);
  weigh(evidence, cells);
  const Pictures pictures{from, to, width, height};
  for (int row = 0; row < cells.rows; row += kCells) {
    for (int column = 0; column < cells.columns; column += kCells) {
      const int left = column * kCellPx;
      const int top = row * kCellPx;
      const Match match = look_for(pictures, {left, top, std::min(kBlockPx, width - left),
                                              std::min(kBlockPx, height - top)});
      move_block(cells, row, column, match);
    }
  }
}

Camera fit_camera(const Cells& cells) {
  const std::vector<Voice> heard = voices(cells);
  // Chosen: fewer than eight textured places tell an object from the picture no better than a
  // guess.
  if (heard.size() < 8) return {};
  Camera camera{weighted_median(heard, &Voice::x), weighted_median(heard, &Voice::y), 0, 0};
  std::vector<double> weights(heard.size());
  // The first rounds forgive much, so that a zoom's edges are not taken for strangers.
  for (double forgiven_px : {4.0, 2.0, 1.0, 0.5, 0.5}) {
    for (std::size_t i = 0; i < heard.size(); ++i) {
      const auto [x, y] = camera.at(heard[i].dx, heard[i].dy);
      const double off = (heard[i].x - x) * (heard[i].x - x) + (heard[i].y - y) * (heard[i].y - y);
      const double trust = forgiven_px * forgiven_px / (forgiven_px * forgiven_px + off);
      weights[i] = heard[i].weight * trust * trust;
    }
    camera = solve(heard, weights);
  }
  return camera;
}

}  // namespace rf::video
