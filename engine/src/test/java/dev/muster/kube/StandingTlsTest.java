package dev.muster.kube;

import java.nio.file.Path;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** TLS is the same for watches that have a connection of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StandingTlsTest extends TlsTest {
  StandingTlsTest(@TempDir Path folder) {
    super(folder);
  }

  @Override
  boolean standing() {
    return true;
  }
}
