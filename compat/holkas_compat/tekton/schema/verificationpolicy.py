"""VerificationPolicies (pkg/apis/pipeline/v1alpha1/verificationpolicy_types.go)."""

from __future__ import annotations

from holkas_compat.manifest.root import root
from holkas_compat.manifest.types import STRING, ListOf, kept, struct, value

VERIFICATION_POLICY_SPEC = struct(
    "v1alpha1.VerificationPolicySpec",
    {
        "resources": kept(ListOf(struct("v1alpha1.ResourcePattern", {"pattern": kept(STRING)}))),
        "authorities": kept(
            ListOf(
                struct(
                    "v1alpha1.Authority",
                    {
                        "name": kept(STRING),
                        "key": struct(
                            "v1alpha1.KeyRef",
                            {
                                "secretRef": struct(
                                    "corev1.SecretReference", {"name": STRING, "namespace": STRING}
                                ),
                                "data": STRING,
                                "kms": STRING,
                                "hashAlgorithm": STRING,
                            },
                        ),
                    },
                )
            )
        ),
        "mode": STRING,
    },
)

VERIFICATION_POLICY = root("v1alpha1.VerificationPolicy", {"spec": value(VERIFICATION_POLICY_SPEC)})
