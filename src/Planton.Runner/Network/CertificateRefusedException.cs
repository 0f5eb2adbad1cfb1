using System.Security.Authentication;

namespace Planton.Runner.Network;

/// <summary>
/// The peer's certificate was not accepted. Thrown by the validation callback, because returning false there loses the reason.
/// </summary>
internal sealed class CertificateRefusedException(string what, string advice) : AuthenticationException(what)
{
    public string Advice { get; } = advice;
}
