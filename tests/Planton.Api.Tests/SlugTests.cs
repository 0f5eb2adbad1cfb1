namespace Planton.Api.Tests;

public sealed class SlugTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("prod-runner")]
    [InlineData("0")]
    [InlineData("a--b")]
    [InlineData("1-a-2")]
    public void ANameThatIsADnsLabelIsTaken(string name) => Assert.True(Slug.IsValid(name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-a")]
    [InlineData("a-")]
    [InlineData("-")]
    [InlineData("Prod")]
    [InlineData("a_b")]
    [InlineData("a.b")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("é")]
    [InlineData("a\n")]
    [InlineData("٣")]
    public void AnyOtherNameIsRefused(string? name) => Assert.False(Slug.IsValid(name));

    [Fact]
    public void TheLongestNameHas63Characters()
    {
        Assert.True(Slug.IsValid(new string('a', 63)));
        Assert.False(Slug.IsValid(new string('a', 64)));
        Assert.Contains("63", Slug.Rule, StringComparison.Ordinal);
    }
}
