namespace Planton.EndToEnd.Tests.Trust;

/// <summary>The classes that share a <see cref="SampleInstallation"/>.</summary>
[CollectionDefinition(nameof(OnOneInstallation))]
public sealed class OnOneInstallation : ICollectionFixture<SampleInstallation>;
