using System.Globalization;

namespace Planton.EndToEnd.Tests.Installations;

/// <summary>How large a test is: as it fits continuous integration, or as a variable says for a longer run.</summary>
internal static class Sizes
{
    /// <summary>Revocations whose effect is timed.</summary>
    public static int Revocations => Read("PLANTON_TEST_REVOCATIONS", 50);

    /// <summary>Requests that are sent while runners are replaced.</summary>
    public static int Requests => Read("PLANTON_TEST_REQUESTS", 20_000);

    /// <summary>Commands during which the server is killed.</summary>
    public static int Commands => Read("PLANTON_TEST_COMMANDS", 200);

    /// <summary>What random choices begin with; printed, so that a failure can be looked at again.</summary>
    public static int Seed => Read("PLANTON_TEST_SEED", Random.Shared.Next());

    private static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
