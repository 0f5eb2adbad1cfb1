namespace Planton.EndToEnd.Tests.Life;

/// <summary>
/// Every requirement that is built has a test that carries its number; <c>-trait Requirement=S7</c> runs those of this project.
/// The table of requirements and tests is this class's output.
/// </summary>
public sealed class RequirementTests(ITestOutputHelper output)
{
    public const string Trait = "Requirement";

    private const string EndToEnd = "Planton.EndToEnd.Tests: ";

    private static readonly ILookup<string, string> Tests = RequirementLabels.Read().ToLookup(label => label.Requirement, label => label.Test, StringComparer.Ordinal);

    [Fact]
    public void EachThatIsBuilt_HasATest()
    {
        foreach (var (number, what) in Requirements.Built)
            output.WriteLine($"{number}  {what}\n{string.Join('\n', Tests[number].Select(test => $"      {test}"))}");
        foreach (var (number, what) in Requirements.NotBuilt)
            output.WriteLine($"{number}  not built yet: {what}");

        Assert.Equal([], Requirements.Built.Where(requirement => !Tests[requirement.Key].Any()).Select(requirement => $"{requirement.Key} {requirement.Value}"));
    }

    [Fact]
    public void EachOfTheProductsPage_IsWalkedWithThePrograms() => Assert.Equal([], Requirements.Built.Keys
        .Where(number => number[0] == 'S' && !Tests[number].Any(test => test.StartsWith(EndToEnd, StringComparison.Ordinal))));

    [Fact]
    public void WhatATestNames_IsARequirementThatIsBuilt() => Assert.Equal([], Tests
        .Where(label => !Requirements.Built.ContainsKey(label.Key) && label.Key != "R7")
        .SelectMany(label => label.Select(test => $"{label.Key}: {test}")));

    [Fact]
    public void ALabelCounts_OnAClassOrATestAlone()
    {
        var labels = RequirementLabels.ReadFile(
        [
            "/// <summary>S5, S7: many commands.</summary>", "public sealed class SomeTests : IDisposable", "{",
            "    [Trait(\"Requirement\", \"S1\")]", "    [Fact]", "    public async Task ATest()", "",
            "    [Trait(RequirementTests.Trait, \"S2\")]", "    public void NotATest()", "",
            "    [Fact]", "    public void WithoutALabel()", "",
            "    [Theory]", "    [Trait(RequirementTests.Trait, \"S3\")]", "    [InlineData(1)]", "    public Task Rows(int row)",
        ]);

        Assert.Equal([("S5", "SomeTests"), ("S7", "SomeTests"), ("S1", "SomeTests.ATest"), ("S3", "SomeTests.Rows")], labels);
    }
}
