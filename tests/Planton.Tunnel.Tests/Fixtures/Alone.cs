namespace Planton.Tunnel.Tests.Fixtures;

/// <summary>Tests that measure time, after all others and one at a time.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
