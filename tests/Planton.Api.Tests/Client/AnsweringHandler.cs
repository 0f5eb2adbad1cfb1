using System.Net;
using System.Text;

namespace Planton.Api.Tests.Client;

/// <summary>Answers every request alike, and remembers the last one.</summary>
internal sealed class AnsweringHandler(HttpStatusCode status, string body, string mediaType = "application/json") : HttpMessageHandler
{
    public string Request { get; private set; } = "";

    public string Body { get; private set; } = "";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Request = $"{request.Method} {request.RequestUri!.PathAndQuery}";
        Body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        return new HttpResponseMessage(status) { RequestMessage = request, Content = new StringContent(body, Encoding.UTF8, mediaType) };
    }
}
