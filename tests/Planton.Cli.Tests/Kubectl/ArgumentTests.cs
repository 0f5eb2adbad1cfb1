using Planton.Cli.Invocation;
using Planton.Cli.Kubectl.Getting;
using Planton.Cli.Kubectl.Resources;
using Planton.Cli.Tests.Support;

namespace Planton.Cli.Tests.Kubectl;

/// <summary>Parsing, apart from running.</summary>
public sealed class ArgumentTests : IDisposable
{
    private readonly CliHarness _cli = new();

    [Theory]
    [InlineData("pods", "pods", "")]
    [InlineData("pods,svc,pods", "pods,svc", "")]
    [InlineData("pods a b", "", "pods/a pods/b")]
    [InlineData("pods/a svc/b", "", "pods/a svc/b")]
    [InlineData("pods,svc a b", "", "pods/a pods/b svc/a svc/b")]
    public void WhenArgumentsAreParsed_TypesAndObjectsAreTold(string arguments, string types, string objects)
    {
        var (parsed, fault) = GetArguments.Parse(arguments.Split(' '), hasSelector: false);

        Assert.Null(fault);
        Assert.Equal(types, string.Join(',', parsed!.Types));
        Assert.Equal(objects, string.Join(' ', parsed.Objects.Select(item => $"{item.Type}/{item.Name}")));
    }

    [Theory]
    [InlineData("pods a", true, "name cannot be provided when a selector is specified")]
    [InlineData("pods/a", true, "selectors and the all flag cannot be used")]
    [InlineData("pods/a b", false, "there is no need to specify a resource type")]
    [InlineData("pods/a/b", false, "may not have more than one slash")]
    [InlineData("pods/", false, "must have a single resource and name")]
    [InlineData("pods,svc/a", false, "must have a single resource and name")]
    public void WhenArgumentsContradict_TheFaultIsKubectls(string arguments, bool hasSelector, string fault)
    {
        var result = GetArguments.Parse(arguments.Split(' '), hasSelector);

        Assert.Null(result.Arguments);
        Assert.Contains(fault, result.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void WhenEveryOptionIsGiven_EachIsUnderstood()
    {
        var options = Parse("pods -n shop -A -l app=web --field-selector a=b -owide -w --output-watch-events --no-headers --show-labels --show-kind --show-managed-fields --ignore-not-found --chunk-size 7 -L a,b -L c");

        Assert.Equal(["pods"], options.Arguments);
        Assert.Equal(("shop", true, "app=web", "a=b", GetOutput.Wide), (options.Namespace, options.AllNamespaces, options.Selector, options.FieldSelector, options.Output));
        Assert.True(options is { Watch: true, OutputWatchEvents: true, NoHeaders: true, ShowLabels: true, ShowKind: true, ShowManagedFields: true, IgnoreNotFound: true });
        Assert.Equal(7, options.ChunkSize);
        Assert.Equal(["a", "b", "c"], options.LabelColumns);
    }

    [Fact]
    public void WhenNothingIsGiven_TheDefaultsAreKubectls()
    {
        var options = Parse("pods");

        Assert.Equal(("default", GetOutput.Table, 500L), (options.Namespace, options.Output, options.ChunkSize));
        Assert.False(options.Watch || options.AllNamespaces || options.HasSelector);
    }

    [Theory]
    [InlineData("jsonpath={.items} is not supported here", "-o", "jsonpath={.items}")]
    [InlineData("planton kubeconfig CONNECTION", "-o", "custom-columns=A:.b")]
    [InlineData("--sort-by is not supported here", "--sort-by", ".metadata.name")]
    [InlineData("--show-labels option cannot be used with yaml printer", "--show-labels", "-o", "yaml")]
    [InlineData("can only be used with --watch", "--output-watch-events")]
    [InlineData("--chunk-size cannot be negative", "--chunk-size=-1")]
    public async Task WhenAnOptionIsNotSupported_TheMessageSaysWhatIs(string message, params string[] options)
    {
        var result = await _cli.RunAsync(["kubectl", "get", "pods", "--connection", "x", .. options]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pods", "pods", "v1")]
    [InlineData("po", "pods", "v1")]
    [InlineData("Pod", "pods", "v1")]
    [InlineData("ev", "events", "v1")]
    [InlineData("ingress", "ingresses.networking.k8s.io", "v1")]
    [InlineData("hpa", "horizontalpodautoscalers.autoscaling", "v2")]
    [InlineData("deployments.apps", "deployments.apps", "v1")]
    [InlineData("deployments.v1.apps", "deployments.apps", "v1")]
    [InlineData("deploy.ap", "deployments.apps", "v1")]
    public void WhenABuiltInTypeIsNamed_ItIsFound(string typed, string qualified, string version)
    {
        var found = BuiltInResources.Index.Find(ResourceName.Parse(typed));

        Assert.Equal((qualified, version), (found?.QualifiedName, found?.Version));
    }

    [Fact]
    public void WhenTheBuiltInTypesAreRead_NoWordMeansTwoOfThem()
    {
        var words = BuiltInResources.Index.Resources.SelectMany(resource => (string[])[resource.Name, resource.Singular, .. resource.ShortNames]).Distinct();

        Assert.All(words, word => Assert.Single(
            BuiltInResources.Index.Resources,
            resource => ResourceName.Parse(word) is var name && (name.Names(resource) || name.Abbreviates(resource))));
    }

    public void Dispose() => _cli.Dispose();

    private GetOptions Parse(string line)
    {
        var application = new CliApplication(_cli.Environment(TextWriter.Null, TextWriter.Null));
        var parsed = application.Parse(["kubectl", "get", "--connection", "x", .. line.Split(' ')]);
        Assert.Empty(parsed.Errors);
        return Assert.IsType<KubectlGetCommand>(parsed.CommandResult.Command).Read(parsed);
    }
}
