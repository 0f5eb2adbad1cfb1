namespace Planton.Testing;

/// <summary>The size of long tests: reduced for each change, full with <c>./test.sh --full</c>, which sets <c>PLANTON_TEST_FULL=1</c>.</summary>
public static class TestSize
{
    public static bool IsFull { get; } = Environment.GetEnvironmentVariable("PLANTON_TEST_FULL") == "1";
}
