# Security assessments
