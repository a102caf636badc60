package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Objects;

/**
 * How a member is reached that only somebody else can reach: by sealed files that are carried.
 *
 * @param receipt where the last receipt is kept; it need not be there yet
 * @param keyIsVariable whether the key to seal with is in an environment variable, else in a file
 * @param key the name of the variable, or the path of the file
 * @param written the same as the topology says it; it names a key and holds none
 */
public record CourierAccess(Path receipt, boolean keyIsVariable, String key, JsonNode written) {
  public CourierAccess {
    Objects.requireNonNull(receipt, "receipt");
    Objects.requireNonNull(key, "key");
  }
}
