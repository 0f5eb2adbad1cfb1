using Planton.Api.Errors;
using Planton.Server.Errors;

namespace Planton.Server.Tests.Errors;

public sealed class ErrorTests
{
    // The statuses of the codes are in the tests of ErrorStatus.
    [Fact]
    public void AnErrorAsAProblem_HasAllOfIt()
    {
        var problem = ProblemFormat.ToProblem(new Error(ErrorCode.RunnerLost, "detail", "hint"), "operation");
        Assert.Equal(
            ("urn:planton:error:runner_lost", "runner_lost", 502, "detail", "hint", "operation"),
            (problem.Type, problem.Code, problem.Status, problem.Detail, problem.Hint, problem.OperationId));
    }

    [Fact]
    public void EveryCodeHasATitleOfItsOwn()
    {
        var codes = typeof(ErrorCode).GetFields().Select(code => (string)code.GetRawConstantValue()!).ToList();
        var titles = codes.Select(code => ProblemFormat.ToProblem(new Error(code, "detail"), "operation").Title).ToList();
        Assert.Equal("The control plane failed", titles[codes.IndexOf(ErrorCode.Internal)]);
        Assert.Equal(codes.Count, titles.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("prod", "prod-eu", true)]
    [InlineData("prdo", "prod", false)]
    [InlineData("prod", "prid", true)]
    [InlineData("PROD", "prod", true)]
    [InlineData("prod-runner", "prd-runer", true)]
    [InlineData("prod", "test", false)]
    [InlineData("x", "y", true)]
    [InlineData("x", "yz", false)]
    [InlineData("ab", "abcdefgh", false)]
    public void ANearMissIsAFewEditsAwayOrPartOfTheName(string name, string candidate, bool near) =>
        Assert.Equal(near, NearMisses.Find(name, [candidate]).Count == 1);

    [Fact]
    public void TheNearestComeFirstAndAreFew()
    {
        var found = NearMisses.Find("runner-1", ["runner-999", "runner-2", "runner-11", "runner-1x", "unrelated", "runner-3"]);
        Assert.Equal(3, found.Count);
        Assert.Equal(["runner-11", "runner-1x", "runner-2"], found);
    }

    [Fact]
    public void AnAbsurdNameIsNotCompared() => Assert.Empty(NearMisses.Find(new string('a', 100_000), ["a", "b"]));

    [Fact]
    public void WithoutANearMissTheListCommandIsGiven() =>
        Assert.Equal("See what there is with: planton org list", NearMisses.Hint("x", [], "planton org list"));

    [Fact]
    public void FaultsAreGatheredByField()
    {
        var faults = new FieldFaults();
        Assert.Null(faults.ToError());
        faults.Add("b", "one");
        faults.Add("b", "two");
        faults.NeedSlug("a", null);
        faults.NeedSlug("c", "Not A Slug");
        faults.NeedSlug("d", "a-slug");
        var error = faults.ToError()!;
        Assert.Equal(ErrorCode.InvalidArgument, error.Code);
        Assert.Equal(["a", "b", "c"], error.Fields!.Keys.Order());
        Assert.Equal(["one", "two"], error.Fields["b"]);
        Assert.StartsWith("a: is missing; b: one; b: two; c: must be", error.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void AResultIsAValueOrAnError()
    {
        Result<string> good = "value";
        Assert.True(good.Succeeded);
        Assert.Equal("value", good.Value);
        Result<string> bad = new Error("code", "detail");
        Assert.False(bad.Succeeded);
        Assert.Equal("code", bad.Error.Code);
    }
}
