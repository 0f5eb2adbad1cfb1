namespace Planton.Server.Tests.Fixture;

/// <summary>Removes the templates with the last test.</summary>
public sealed class ServerTemplateEnd : IAsyncDisposable
{
    public async ValueTask DisposeAsync() => await ServerTemplate.RemoveAsync();
}
