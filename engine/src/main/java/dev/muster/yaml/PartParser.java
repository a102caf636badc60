package dev.muster.yaml;

import dev.muster.bound.Bounds;
import dev.muster.yaml.Part.Style;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/** Turns text into {@link Part}s, within bounds of size and nesting. */
final class PartParser {
  static final int MAX_CHARS = 3 * 1024 * 1024;
  static final int MAX_DEPTH = 50;

  private static final Pattern KEEPS_BLANK_LINES =
      Pattern.compile("([&!]\\S*[ \t]+)*[|>][0-9]?\\+");

  private final SourceText source;
  private final StreamReader reader;
  private final ParserImpl parser;
  private int values;
  private final Map<String, Part> anchors = new HashMap<>();

  private PartParser(SourceText source, String text) {
    this.source = source;
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    this.reader = new StreamReader(text);
    this.parser = new ParserImpl(reader, options);
  }

  /** All documents of the text; a document without content is an empty plain scalar. */
  static List<Part> parse(SourceText source) throws Refused {
    return parse(source, source.text());
  }

  /**
   * @param shadow a text that is read instead, of the same length, so that all offsets hold
   */
  static List<Part> parse(SourceText source, String shadow) throws Refused {
    if (shadow.length() > MAX_CHARS) {
      throw new Refused(0, "longer than " + MAX_CHARS / 1024 / 1024 + " MiB", "");
    }
    refuseControlCharacters(shadow);
    try {
      return new PartParser(source, shadow).documents();
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
      int offset = mark == null ? 0 : source.offset(mark);
      Mark context = e.getContextMark();
      boolean atEnd = shadow.substring(Math.min(offset, shadow.length())).isBlank();
      if (context != null && (atEnd || String.valueOf(e.getContext()).contains(" flow "))) {
        // What was opened tells more than where the lack of its end was noticed.
        throw Refused.open(source.offset(context), e.getProblem(), e.getContext());
      }
      throw Refused.syntax(offset, e.getProblem(), e.getContext());
    } catch (YAMLException e) {
      throw Refused.syntax(0, e.getMessage(), null);
    }
  }

  private static void refuseControlCharacters(String text) throws Refused {
    int offset = 0;
    while (offset < text.length()) {
      int c = text.codePointAt(offset);
      if (!StreamReader.isPrintable(c)) {
        throw new Refused(
            offset,
            String.format("character U+%04X, which YAML text cannot hold", c),
            c == 0 ? "is the file binary, or saved as UTF-16? save it as UTF-8" : "remove it");
      }
      offset += Character.charCount(c);
    }
  }

  private List<Part> documents() throws Refused {
    try {
      return allDocuments();
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      // The library stumbles over an escape that the end of the text cuts off.
      throw Refused.syntax(source.offset(reader.getMark()), "this is cut off", null);
    }
  }

  private List<Part> allDocuments() throws Refused {
    List<Part> documents = new ArrayList<>();
    parser.getEvent();
    while (!parser.checkEvent(Event.ID.StreamEnd)) {
      parser.getEvent();
      anchors.clear();
      documents.add(part(0));
      parser.getEvent();
    }
    return documents;
  }

  private Part part(int depth) throws Refused {
    Event event = parser.getEvent();
    int start = source.offset(event.getStartMark());
    if (++values > Bounds.YAML_VALUES) {
      throw new Refused(start, "holds more than " + Bounds.YAML_VALUES + " values", "");
    }
    if (depth > MAX_DEPTH) {
      throw new Refused(start, "nested deeper than " + MAX_DEPTH + " levels", "");
    }
    if (event instanceof AliasEvent alias) {
      Part target = anchors.get(alias.getAnchor());
      if (target == null) {
        throw new Refused(
            start,
            "alias *" + alias.getAnchor() + " has no complete anchor above it",
            "an anchor is set with &" + alias.getAnchor() + " on an earlier value");
      }
      return new Part.Alias(start, source.offset(event.getEndMark()), target);
    }
    Part part =
        event instanceof ScalarEvent scalar
            ? scalar(scalar, start)
            : collection((CollectionStartEvent) event, start, depth);
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, part);
    }
    return part;
  }

  private Part scalar(ScalarEvent event, int start) {
    int end = source.offset(event.getEndMark());
    Style style =
        switch (event.getScalarStyle()) {
          case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
          case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
          case LITERAL -> Style.LITERAL;
          case FOLDED -> Style.FOLDED;
          default -> Style.PLAIN;
        };
    if (style == Style.LITERAL || style == Style.FOLDED) {
      end = endOfBlock(start, end);
    }
    String tag = event.getTag() == null ? "" : event.getTag();
    return new Part.Scalar(start, end, event.getValue(), style, tag);
  }

  /** The parser counts blank lines below to a block scalar; only {@code |+} really owns them. */
  private int endOfBlock(int start, int end) {
    String text = source.text();
    int last = end;
    if (KEEPS_BLANK_LINES.matcher(text).region(start, text.length()).lookingAt()) {
      if (last > start && text.charAt(last - 1) == '\n') {
        last--;
      }
      return last > start && text.charAt(last - 1) == '\r' ? last - 1 : last;
    }
    while (last > start && Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    return last;
  }

  private Part collection(CollectionStartEvent event, int start, int depth) throws Refused {
    String tag = event.getTag() == null ? "" : event.getTag();
    boolean flow = event.isFlow();
    // Only flow collections have an end of their own; blocks end with their last part.
    int bodyStart = flow ? source.offset(event.getEndMark()) - 1 : start;
    if (event instanceof MappingStartEvent) {
      List<Part.Pair> pairs = new ArrayList<>();
      while (!parser.checkEvent(Event.ID.MappingEnd)) {
        Part key = part(depth + 1);
        pairs.add(new Part.Pair(key, part(depth + 1)));
      }
      Event last = parser.getEvent();
      int end = flow || pairs.isEmpty() ? endOf(last) : pairs.get(pairs.size() - 1).value().end();
      int first = flow || pairs.isEmpty() ? bodyStart : pairs.get(0).key().start();
      return new Part.Mapping(start, first, end, flow, tag, List.copyOf(pairs));
    }
    List<Part> elements = new ArrayList<>();
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      elements.add(part(depth + 1));
    }
    Event last = parser.getEvent();
    int end = flow || elements.isEmpty() ? endOf(last) : elements.get(elements.size() - 1).end();
    return new Part.Sequence(start, bodyStart, end, flow, tag, List.copyOf(elements));
  }

  private int endOf(Event event) {
    return source.offset(event.getEndMark());
  }
}
