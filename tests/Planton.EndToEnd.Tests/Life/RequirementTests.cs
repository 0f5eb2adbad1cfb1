using System.Reflection;

namespace Planton.EndToEnd.Tests.Life;

/// <summary>
/// What the product says of runners' credentials, starting, routing and using, numbered: each is walked by a test with the
/// programs as processes, which carries its number. <c>-trait Requirement=S7</c> runs those of one.
/// </summary>
public sealed class RequirementTests
{
    public const string Trait = "Requirement";

    public static TheoryData<string, string> Requirements => new()
    {
        { "S1", "generate-credentials registers an unknown runner and prints the document alone" },
        { "S2", "--output-dir writes one whole file that its owner alone reads" },
        { "S3", "--output-format k8s-secret is taken by kubectl apply as it is" },
        { "S4", "the document holds everything that a runner needs" },
        { "S5", "each generation makes a new key and certificate of one service account; earlier ones stay valid" },
        { "S6", "private key and raw API key are answered once and stored nowhere" },
        { "S7", "regenerate-credentials revokes every earlier one, and cuts what lives by it" },
        { "S8", "a lost file is replaced by generating again" },
        { "S11", "runner start finds credentials by flag, file variable, document variable, local store, in this order" },
        { "S12", "runner start takes a file, or a runner's name of the local store" },
        { "S13", "a start that is refused at any step ends with that step and the reason" },
        { "S19", "set-default, get-default and unset-default for the organization" },
        { "S20", "--platform for the platform, for its operator alone" },
        { "S21", "the connection's runner, the organization's default, the platform's default, or an error that says how to set one" },
        { "S22", "get-default shows the effective one and its level" },
        { "S23", "kubectl get lists what is behind the runner, or says since when it is unreachable" },
        { "S24", "runner list shows the organization's, the platform's, or both" },
        { "S25", "runner get" },
        { "S26", "runner delete ends the runner, its account and keys, and says what is lost and what is left" },
        { "S27", "a runner resolves its organization's secrets and variables with its API key, and can do nothing else" },
    };

    [Theory]
    [MemberData(nameof(Requirements))]
    public void EachIsWalkedByATest(string number, string what)
    {
        var tests = typeof(RequirementTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public).Cast<MemberInfo>().Append(type))
            .SelectMany(member => member.GetCustomAttributes<TraitAttribute>())
            .Count(trait => (trait.Name, trait.Value) == (Trait, number));
        Assert.True(tests > 0, $"no test is marked with {number}: {what}");
    }
}
