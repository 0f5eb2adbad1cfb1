using System.Text.Json.Nodes;
using SampleCluster.Objects;
using SampleCluster.Selectors;

namespace Planton.SampleCluster.Tests.Selectors;

public sealed class SelectorTests
{
    private static readonly JsonObject Pod = JsonNode.Parse(
        """{"metadata":{"name":"web-1","namespace":"shop","labels":{"app":"web","tier":"front","app.kubernetes.io/name":"x"}},"status":{"phase":"Running"}}""")!.AsObject();

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("app=web", true)]
    [InlineData("app==web,tier=front", true)]
    [InlineData("app=web,tier=back", false)]
    [InlineData("app!=web", false)]
    [InlineData("nope!=web", true)]
    [InlineData("app in (web, db)", true)]
    [InlineData("app notin (web,db),tier", false)]
    [InlineData("tier notin (back)", true)]
    [InlineData("app", true)]
    [InlineData("!app", false)]
    [InlineData("!nope", true)]
    [InlineData("app.kubernetes.io/name=x", true)]
    [InlineData("app=", false)]
    public void LabelsMatch(string? text, bool expected)
    {
        Assert.True(LabelSelector.TryParse(text, out var selector, out _));
        Assert.Equal(expected, selector.Matches(Pod));
    }

    [Theory]
    [InlineData("a===b c")]
    [InlineData("a in web")]
    [InlineData("=b")]
    [InlineData("a b")]
    public void WhatIsNoLabelSelectorIsRefused(string text)
    {
        Assert.False(LabelSelector.TryParse(text, out _, out var fault));
        Assert.StartsWith("unable to parse requirement", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metadata.name=web-1", true)]
    [InlineData("metadata.name==web-1,metadata.namespace=shop", true)]
    [InlineData("metadata.name!=web-1", false)]
    [InlineData("status.phase=Pending", false)]
    [InlineData("spec.nodeName=", true)]
    public void FieldsMatch(string text, bool expected)
    {
        Assert.True(FieldSelector.TryParse(text, ResourceTypes.Pods, out var selector, out _));
        Assert.Equal(expected, selector.Matches(Pod));
    }

    [Theory]
    [InlineData("spec.bogus=x", "field label not supported: spec.bogus")]
    [InlineData("involvedObject.name=x", "field label not supported: involvedObject.name")]
    [InlineData("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'")]
    public void AnUnknownFieldIsRefusedByName(string text, string expected)
    {
        Assert.False(FieldSelector.TryParse(text, ResourceTypes.Pods, out _, out var fault));
        Assert.Equal(expected, fault);
    }
}
