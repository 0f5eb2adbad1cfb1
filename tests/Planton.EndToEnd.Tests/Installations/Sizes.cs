using System.Globalization;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>
/// How large the long tests are: reduced, so that each change can run them with every assertion; full with
/// <c>PLANTON_TEST_FULL=1</c> (<c>./test.sh --full</c>); or as a variable of its own says.
/// </summary>
internal static class Sizes
{
    /// <summary>Revocations of each kind whose effect is timed.</summary>
    public static int Revocations => Read("PLANTON_TEST_REVOCATIONS", reduced: 4, full: 50);

    /// <summary>Requests that are sent while runners are replaced.</summary>
    public static int Requests => Read("PLANTON_TEST_REQUESTS", reduced: 1_200, full: 20_000);

    /// <summary>Times that the server is killed.</summary>
    public static int Kills => Read("PLANTON_TEST_KILLS", reduced: 5, full: 40);

    /// <summary>Config maps that are listed while a log is read.</summary>
    public static int Objects => Read("PLANTON_TEST_OBJECTS", reduced: 1_500, full: 10_000);

    /// <summary>Bytes of the log that is read through the tunnel.</summary>
    public static int LogBytes => Read("PLANTON_TEST_LOG_BYTES", reduced: 60_000_000, full: 200_000_000);

    /// <summary>Watches that are open meanwhile.</summary>
    public static int Watches => Read("PLANTON_TEST_WATCHES", reduced: 15, full: 50);

    /// <summary>What random choices begin with; printed, so that a failure can be repeated.</summary>
    public static int Seed => Read("PLANTON_TEST_SEED", Random.Shared.Next());

    private static int Read(string variable, int reduced, int full) =>
        Read(variable, TestSize.IsFull ? full : reduced);

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
